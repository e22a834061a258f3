import { prefixed } from '../../route.ts'
import { updateByEmail } from './after-login/pwd/update-by-email.ts'
import { captcha } from './captcha.ts'
import { countryCodes } from './country-codes.ts'
import { sendEmail } from './email/send.ts'
import { loginByEmailCode } from './login/email-verify-code.ts'
import { loginByMobileCode } from './login/mobile-verify-code.ts'
import { login } from './login.ts'
import { logout } from './logout.ts'
import { secondFactorByEmail } from './mfa/email.ts'
import { secondFactorBySms } from './mfa/sms.ts'
import { updateProfile } from './profile/update.ts'
import { profile } from './profile.ts'
import { publicKey } from './public-key.ts'
import { changePassword } from './pwd/change.ts'
import { changeByMobile } from './pwd/change-by-mobile.ts'
import { skipUpdate } from './pwd/skip-update.ts'
import { updatePassword } from './pwd/update.ts'
import { recoverByEmail } from './pwd/update-by-email.ts'
import { recoverByMobile } from './pwd/update-by-mobile.ts'
import { serverDate } from './server-date.ts'
import { sendSms } from './sms/send.ts'

export const sdkRoutes = prefixed('/api/v2/sdk', [
  login,
  loginByMobileCode,
  loginByEmailCode,
  secondFactorBySms,
  secondFactorByEmail,
  logout,
  captcha,
  sendSms,
  sendEmail,
  updatePassword,
  skipUpdate,
  updateByEmail,
  recoverByMobile,
  recoverByEmail,
  changePassword,
  changeByMobile,
  profile,
  updateProfile,
  publicKey,
  serverDate,
  countryCodes,
])

import { Type } from 'typebox'
import { listCountryCodes } from '../../../core/users/country-codes.ts'
import { route } from '../../route.ts'
import { DeviceHeaders } from './sdk-schema.ts'

const CountryCodes = Type.Object(
  {
    country_codes: Type.Array(
      Type.Object(
        {
          country: Type.String({ examples: ['CN'] }),
          name: Type.String({ description: 'In the language of the answer' }),
          code: Type.String({ examples: ['+86'] }),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
)

export const countryCodes = route({
  method: 'GET',
  path: '/country-codes',
  permission: 'sdk',
  summary: 'Countries whose mobile numbers the tenant sends SMS to',
  headers: DeviceHeaders,
  answers: [200],
  success: CountryCodes,
  handle: async ({ signIn, request }) => {
    const codes = listCountryCodes(signIn.tenant, request.language)
    return {
      body: {
        country_codes: codes.map(({ country, name, callingCode }) => ({ country, name, code: callingCode })),
      },
    }
  },
})

/** Codes of applications, their accounts, organisations and roles; those below 9000 and their texts are the contract's. */
export const applicationErrors = {
  'APP.0001': {
    status: 400,
    en: 'Application does not exist',
    zh: '应用不存在',
    remedy:
      'Check the application id; ids are valid in one tenant only, and a client id is no application id.',
  },
  'APP.0009': {
    status: 400,
    en: 'The application organization code already exists',
    zh: '应用机构编码已存在',
    remedy: 'Choose another code; upper and lower case letters count as the same.',
  },
  'APP.ACC.0013': {
    status: 400,
    en: 'Account name already exists',
    zh: '账号名已存在',
    remedy:
      'Choose a name that no account of the application has; upper and lower case letters count as the same.',
  },
  'APP.ACC.0029': {
    status: 400,
    en: 'App account already exists',
    zh: '应用账号已存在',
    remedy:
      'The user has an account in this application: list it with GET /api/v2/tenant/users/{user_id}/accounts.',
  },
  'APP.ACCOUNT.0028': {
    status: 400,
    en: 'The application account does not exist',
    zh: '应用账号不存在',
    remedy: 'Check the account id; ids are valid in one application only.',
  },
  'APP.ACCOUNT.0038': {
    status: 400,
    en: 'Public account does not exist',
    zh: '公共账号不存在',
    remedy: 'Check the account id, and that the account is a public one.',
  },
  'APP.ACCOUNT.0045': {
    status: 400,
    en: 'The application account type is wrong',
    zh: '应用账号类型错误',
    remedy: 'Send BASIC_ACCOUNT, PUBLIC_ACCOUNT or ORPHAN_ACCOUNT, or no account_type for all of them.',
  },
  'APP.ACCOUNT.9001': {
    status: 400,
    en: 'The account name must have 1 to 255 characters, without control characters or space at its ends',
    zh: '账号名须为1至255个字符,不能含控制字符,首尾不能为空格',
    remedy: 'Send account_name as one line of text.',
  },
  'APP.ACCOUNT.9002': {
    status: 400,
    en: 'The account attribute {0} is invalid',
    zh: '账号属性{0}无效',
    remedy:
      'A name has at most 255 characters and no control characters, an extension at most 16,384 characters as JSON and 8 levels; neither holds U+0000 or half a surrogate pair.',
  },
  'APP.OBJECTMODEL.0005': {
    status: 400,
    en: 'The application organization model is not opened',
    zh: '未开启应用机构模型',
    remedy: 'An operator sets own_organizations of the application to true in the tenant file.',
  },
  'APP.OBJECTMODEL.0006': {
    status: 400,
    en: 'The application role model is not opened',
    zh: '未开启应用角色模型',
    remedy: 'An operator sets own_roles of the application to true in the tenant file.',
  },
  'APP.ORG.0024': {
    status: 400,
    en: 'The application organization does not exist',
    zh: '应用机构不存在',
    remedy: 'Check the id or code; the tenant’s own organizations are not those of an application.',
  },
  'APP.ORG.0040': {
    status: 400,
    en: 'The parent application organization does not exist',
    zh: '父机构不存在',
    remedy: 'Send the id of an organization of this application as parent_id, or none for a root.',
  },
  'APP.ORG.9001': {
    status: 400,
    en: 'The application organization code must have 1 to 100 letters, digits, and . _ - @ after the first',
    zh: '应用机构编码须为1至100个字母或数字,首字符之后可含 . _ - @',
    remedy: 'Send org_code without spaces and other signs.',
  },
  'APP.ORG.9002': {
    status: 400,
    en: 'The application organization name must have 1 to 255 characters, without control characters or space at its ends',
    zh: '应用机构名称须为1至255个字符,不能含控制字符,首尾不能为空格',
    remedy: 'Send name as one line of text.',
  },
  'APP.ORG.9003': {
    status: 400,
    en: 'An application organization cannot stand below itself',
    zh: '应用机构不能移动到自身或其下级机构之下',
    remedy: 'Choose a parent that is neither the organization itself nor below it.',
  },
  'APP.ORG.9004': {
    status: 400,
    en: 'Application organizations cannot stand more than {0} levels deep',
    zh: '应用机构层级不能超过{0}级',
    remedy: 'Choose a parent that is nearer to the root.',
  },
  'APP.ORG.9005': {
    status: 400,
    en: 'Something stands below the application organization',
    zh: '应用机构下存在子机构,不能删除',
    remedy: 'Move or delete the organizations below it first.',
  },
  'APP.ORG.9006': {
    status: 400,
    en: 'Accounts are in the application organization',
    zh: '应用机构下存在账号,不能删除',
    remedy: 'Put its accounts into another organization first.',
  },
  'APP.ROLE.0004': {
    status: 400,
    en: 'An account cannot have several roles',
    zh: '不支持一个账号拥有多个角色',
    remedy:
      'Take its role away first, or an operator sets several_roles of the application to true in the tenant file.',
  },
  'APP.ROLE.9001': {
    status: 400,
    en: 'The application role does not exist',
    zh: '应用侧角色不存在',
    remedy: 'Check the role id; ids are valid in one application only.',
  },
  'APP.ROLE.9002': {
    status: 400,
    en: 'The application role code is taken',
    zh: '应用侧角色代码已存在',
    remedy: 'Choose another code; upper and lower case letters count as the same.',
  },
  'APP.ROLE.9003': {
    status: 400,
    en: 'The application role code must have 1 to 100 characters, without control characters or space at its ends',
    zh: '应用侧角色代码须为1至100个字符,不能含控制字符,首尾不能为空格',
    remedy: 'Send code as one line of text.',
  },
  'APP.ROLE.9004': {
    status: 400,
    en: 'The application role name must have 1 to 255 characters, without control characters or space at its ends',
    zh: '应用侧角色名称须为1至255个字符,不能含控制字符,首尾不能为空格',
    remedy: 'Send name as one line of text, or leave it out.',
  },
  'APP.ROLE.9005': {
    status: 400,
    en: 'Accounts have the application role',
    zh: '应用侧角色存在被引用的账号,不能删除',
    remedy: 'Take the role away from its accounts first.',
  },
} as const

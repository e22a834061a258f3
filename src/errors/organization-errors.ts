/** Codes of organisations; the first five and their texts are the contract's. */
export const organizationErrors = {
  'ORG.0001': {
    status: 400,
    en: 'Organization does not exist',
    zh: '组织不存在',
    remedy: 'Check the organization id; ids are valid in one tenant only.',
  },
  'ORG.0008': {
    status: 400,
    en: 'The parent organization does not exist',
    zh: '父级组织不存在',
    remedy: 'Send the id of an organization of this tenant as parent_id, or an empty one for a root.',
  },
  'ORG.0011': {
    status: 400,
    en: 'Organization type cannot be empty',
    zh: '组织类型不能为空',
    remedy: 'Send a category code such as department, or leave category out; null takes it away.',
  },
  'ORG.0020': {
    status: 400,
    en: 'The existing sub-organization under the current organization cannot be deleted',
    zh: '当前组织下存在子组织不能被删除',
    remedy: 'Move or delete the organizations below it first.',
  },
  'ORG.0022': {
    status: 400,
    en: 'Users in the current organization cannot be deleted',
    zh: '当前组织下存在用户不能被删除',
    remedy: 'Give the users in it another organization first.',
  },
  'ORG.9001': {
    status: 400,
    en: 'The organization code is taken',
    zh: '组织编码已存在',
    remedy: 'Choose another code; upper and lower case letters count as the same.',
  },
  'ORG.9002': {
    status: 400,
    en: 'The organization code must have 1 to 100 letters, digits, and . _ - @ after the first',
    zh: '组织编码须为1至100个字母或数字,首字符之后可含 . _ - @',
    remedy: 'Send code without spaces and other signs.',
  },
  'ORG.9003': {
    status: 400,
    en: 'The organization name must have 1 to 255 characters, without control characters or space at its ends',
    zh: '组织名称须为1至255个字符,不能含控制字符,首尾不能为空格',
    remedy: 'Send name as one line of text.',
  },
  'ORG.9004': {
    status: 400,
    en: 'The organization attribute {0} is invalid',
    zh: '组织属性{0}无效',
    remedy:
      'A category has at most 100 characters, an extension at most 16,384 as JSON and 8 levels; neither holds U+0000 or half a surrogate pair. The tenant’s attribute definitions may say more.',
  },
  'ORG.9005': {
    status: 400,
    en: 'An organization cannot stand below itself',
    zh: '组织不能移动到自身或其下级组织之下',
    remedy: 'Choose a parent that is neither the organization itself nor below it.',
  },
  'ORG.9006': {
    status: 400,
    en: 'Organizations cannot stand more than {0} levels deep',
    zh: '组织层级不能超过{0}级',
    remedy: 'Choose a parent that is nearer to the root.',
  },
  'ORG.9007': {
    status: 400,
    en: 'The organization attribute {0} cannot be empty',
    zh: '组织属性{0}不能为空',
    remedy: 'Send it; the tenant’s attribute definitions say which attributes are needed.',
  },
  'ORG.9008': {
    status: 400,
    en: 'The organization attribute {0} has a value that is taken',
    zh: '组织属性{0}的值已存在',
    remedy: 'The tenant’s attribute definitions let one organization have the value; find which has it.',
  },
} as const

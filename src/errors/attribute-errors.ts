/** Codes of attribute definitions, all of them ours: the contract has these in its portal only. */
export const attributeErrors = {
  'ATTR.9001': {
    status: 400,
    en: 'The attribute is not defined',
    zh: '属性定义不存在',
    remedy: 'Check the code against the list of definitions; upper and lower case letters differ.',
  },
  'ATTR.9002': {
    status: 400,
    en: 'The attribute is defined already',
    zh: '属性定义已存在',
    remedy: 'Change the definition with PUT.',
  },
  'ATTR.9003': {
    status: 400,
    en: 'The attribute cannot be defined so: {0}',
    zh: '属性不能如此定义:{0}',
    remedy: 'The text says what cannot be; X-Error-Detail names the part: code, type, unique or pattern.',
  },
  'ATTR.9004': {
    status: 400,
    en: '{0} cannot be unique: {1} and {2} have the same',
    zh: '{0}不能设为唯一:{1}与{2}的值相同',
    remedy: 'Change the value of one of the two and call again. Nothing was changed.',
  },
  'ATTR.9005': {
    status: 400,
    en: 'There can be at most {0} attribute definitions',
    zh: '属性定义不能超过{0}个',
    remedy: 'Delete definitions that are not needed any more.',
  },
} as const

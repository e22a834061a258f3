/** Codes of paging and of requests that no operation takes as they are. */
export const requestErrors = {
  'OAP.PAGE.0002': {
    status: 400,
    en: 'The page size is out of limits',
    zh: '分页大小超出限制',
    remedy: 'Send limit as a whole number from 10 to 100.',
  },
  'OAP.PAGE.0003': {
    status: 400,
    en: 'The page number is invalid',
    zh: '页码无效',
    remedy: 'Send offset as the page index, a whole number from 0.',
  },
  'REQUEST.9001': {
    status: 400,
    en: 'The request is malformed',
    zh: '请求格式错误',
    remedy: 'X-Error-Detail names the part: url, header, body, query or path.',
  },
  'REQUEST.9002': {
    status: 400,
    en: 'Parameter {0} is missing or wrong',
    zh: '参数{0}缺失或错误',
    remedy: 'Send the parameter as the API reference describes it.',
  },
  'REQUEST.9003': {
    status: 404,
    en: 'There is nothing at this path',
    zh: '路径不存在',
    remedy: 'Check the path; paths are case-sensitive and have no trailing slash.',
  },
  'REQUEST.9004': {
    status: 405,
    en: 'This path does not take this method',
    zh: '该路径不支持此方法',
    remedy: 'The header Allow lists the methods that it takes.',
  },
  'REQUEST.9005': {
    status: 415,
    en: 'This media type is not taken',
    zh: '不支持该媒体类型',
    remedy: 'Send JSON as application/json; charset=utf-8, without a content encoding.',
  },
  'REQUEST.9006': {
    status: 413,
    en: 'The request body is too large',
    zh: '请求体过大',
    remedy: 'Send a smaller body.',
  },
  'REQUEST.9007': {
    status: 431,
    en: 'The request headers or the URL are too large',
    zh: '请求头或URL过大',
    remedy: 'Keep URL and headers together under 16 KiB.',
  },
  'REQUEST.9008': {
    status: 408,
    en: 'The request took too long to arrive',
    zh: '请求接收超时',
    remedy: 'Send the whole request at once.',
  },
  'REQUEST.9009': {
    status: 404,
    en: 'No tenant answers at this host name',
    zh: '该域名没有对应的租户',
    remedy: 'Call the host name that the tenant file lists under domains.',
  },
  'REQUEST.9010': {
    status: 417,
    en: 'This expectation cannot be met',
    zh: '无法满足Expect请求头',
    remedy: 'Send no Expect header, or Expect: 100-continue.',
  },
  'REQUEST.9011': {
    status: 503,
    en: 'The server is busy',
    zh: '服务繁忙',
    remedy: 'Nothing was changed. Wait as long as Retry-After says and call again.',
  },
  'REQUEST.9012': {
    status: 503,
    en: 'The database cannot be reached',
    zh: '数据库不可用',
    remedy: 'Wait as long as Retry-After says; the operator finds the cause in the log under X-Request-Id.',
  },
  'REQUEST.9013': {
    status: 500,
    en: 'Something is wrong in the server',
    zh: '服务器内部错误',
    remedy: 'Report it with the value of X-Request-Id; the log has the cause under it.',
  },
} as const

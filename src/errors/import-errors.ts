/** Codes of imports of users; all are ours. */
export const importErrors = {
  'IMPORT.9001': {
    status: 400,
    en: 'The import does not exist',
    zh: '导入任务不存在',
    remedy: 'Check the import id; imports are forgotten 90 days after their last row.',
  },
  'IMPORT.9002': {
    status: 400,
    en: 'The row cannot be read: {0}',
    zh: '该行无法解析:{0}',
    remedy:
      'Save the file as CSV in UTF-8. A cell with a comma, a quote or a line break stands in double quotes, in which a quote is written twice; every row has as many cells as the header.',
  },
  'IMPORT.9003': {
    status: 409,
    en: 'The rows do not follow on: row {0} is the next',
    zh: '行号不连续,下一行应为{0}',
    remedy:
      'Go on with the row that is named. Rows before it are settled; sending them again is answered as the first time.',
  },
  'IMPORT.9004': {
    status: 409,
    en: 'The import has no room for these rows: it has {0}',
    zh: '超出导入总行数{0}',
    remedy: 'Start an import with as many rows as there are.',
  },
} as const

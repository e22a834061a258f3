/** Whom to call: as the tenant says, or in general words. */
export const supportEn = '{% if support == "" %}your IT help desk{% else %}{{ support }}{% endif %}'
export const supportZh = '{% if support == "" %} IT 服务台{% else %} {{ support }}{% endif %}'
/** Where every character costs. */
export const supportZhShort = '{% if support == "" %}IT服务台{% else %}{{ support }}{% endif %}'

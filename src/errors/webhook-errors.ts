/** Codes of webhooks: all of them are ours. */
export const webhookErrors = {
  'WEBHOOK.9001': {
    status: 404,
    en: 'The delivery does not exist',
    zh: '投递记录不存在',
    remedy:
      'Check the id in GET /api/v2/tenant/webhooks/deliveries. Delivered events are kept for a day, given-up ones as long as `retention.webhooks_days` of the tenant file says.',
  },
} as const

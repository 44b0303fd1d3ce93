{
  type: 'AdaptiveCard',
  version: '1.5',
  body: [{ type: 'TextBlock', text: t('parcels', { count: std.length(data.order.items) }) + ' · ' + data['$brand'].brand_name }],
}

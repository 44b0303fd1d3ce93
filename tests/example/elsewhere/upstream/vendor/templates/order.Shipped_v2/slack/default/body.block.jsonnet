local order = data.order;
// Blocks of the shop's own making.
{
  blocks: [
    { type: 'header', text: { type: 'plain_text', text: t('hello', { name: data['$recipient'].name }) } },
  ] + [
    { type: 'section', text: { type: 'mrkdwn', text: '%d × %s' % [item.qty, item.name] } }
    for item in order.items
  ],
}

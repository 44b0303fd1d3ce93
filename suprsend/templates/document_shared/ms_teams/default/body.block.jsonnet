local document = data.document;
local fact(title, value) = { title: title, value: value };

{
  '$schema': 'http://adaptivecards.io/schemas/adaptive-card.json',
  type: 'AdaptiveCard',
  version: '1.4',
  body: [
    {
      type: 'TextBlock',
      size: 'Small',
      weight: 'Bolder',
      color: 'Accent',
      text: data['$brand'].brand_name,
    },
    {
      type: 'TextBlock',
      size: 'Large',
      weight: 'Bolder',
      wrap: true,
      text: t('documents:shared.headline', { name: data['$actor'].name }),
    },
    {
      type: 'FactSet',
      facts: [
        fact(t('documents:shared.document', {}), document.title),
        fact(t('documents:shared.length', {}), t('pages', { count: document.pages })),
        fact(t('documents:shared.access', {}), t('documents:shared.' + (if data.can == 'edit' then 'can_edit' else 'can_read'), {})),
      ],
    },
  ] + (
    if data.message == '' then []
    else [{ type: 'TextBlock', wrap: true, isSubtle: true, text: '“' + data.message + '”' }]
  ),
  actions: [
    { type: 'Action.OpenUrl', title: t('actions.open', {}), url: data.url },
  ],
}

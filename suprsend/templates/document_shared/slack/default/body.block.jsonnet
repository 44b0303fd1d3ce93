local document = data.document;
local actor = data['$actor'];
local shared(key, values={}) = t('documents:shared.' + key, values);

{
  blocks: [
    {
      type: 'section',
      text: {
        type: 'mrkdwn',
        text: shared('headline', { name: '*' + actor.name + '*' }) + '\n*<' + data.url + '|' + document.title + '>*',
      },
      accessory: {
        type: 'image',
        image_url: if std.objectHas(actor, 'avatar') then actor.avatar else data['$brand'].logo,
        alt_text: actor.name,
      },
    },
  ] + (
    if data.message == '' then []
    else [{ type: 'section', text: { type: 'mrkdwn', text: '> ' + data.message } }]
  ) + [
    {
      type: 'context',
      elements: [
        { type: 'mrkdwn', text: t('pages', { count: document.pages }) },
        { type: 'mrkdwn', text: shared(if data.can == 'edit' then 'can_edit' else 'can_read') },
      ],
    },
    {
      type: 'actions',
      elements: [
        {
          type: 'button',
          style: 'primary',
          text: { type: 'plain_text', text: t('actions.open', {}) },
          url: data.url,
          action_id: 'open',
        },
        {
          type: 'button',
          text: { type: 'plain_text', text: t('actions.reply', {}) },
          url: data.url + '#reply',
          action_id: 'reply',
        },
      ],
    },
  ],
}

// Templates of operations, their texts, and what phones show of them.

import { confirm, facts, field, form, h, head } from '../dom.js';
import { call } from '../server.js';

const FACTORS = [['POSSESSION', 'possession'], ['POSSESSION_KNOWLEDGE', 'PIN'], ['POSSESSION_BIOMETRY', 'biometry']];
const SAMPLES = { amount: '1234.50', currency: 'EUR', account: 'CZ6508000000192000145399', iban: 'CZ6508000000192000145399', note: 'Rent', date: '2026-12-24' };
const EXAMPLE_ROWS = [{ id: 'amount', type: 'AMOUNT', text: 'Amount', params: { amount: 'amount', currency: 'currency' } }];

const names = (texts) => [...new Set(texts.flatMap((text) => [...String(text).matchAll(/\$\{([^}:]+)(?::-[^}]*)?\}/g)].map((it) => it[1])))];

/** Parameters that a template and its texts ask for. */
function wanted(template, texts) {
  const rows = texts.flatMap((it) => it.attributes ?? []).flatMap((it) => Object.values(it.params ?? {}));
  return [...new Set([...names([template.dataTemplate, ...texts.flatMap((it) => [it.title, it.message])]), ...rows])];
}

/** A row of a form as a phone draws it. */
function line(it) {
  const value = it.valueFormatted ?? it.value ?? it.note ?? it.partyInfo?.name ?? (it.sourceValueFormatted && `${it.sourceValueFormatted} → ${it.targetValueFormatted}`) ?? '';
  if (it.type === 'ALERT') return h('div', { className: 'alert' }, it.title ?? it.label, it.message ? `: ${it.message}` : '');
  if (it.type === 'HEADING') return h('strong', {}, it.label);
  return h('div', { className: 'line' }, h('span', {}, it.label), h('span', {}, value || '–'));
}

/** The language in English; as it is, where nobody knows it. */
function named(language) {
  if (!language) return 'any language';
  try {
    return new Intl.DisplayNames(['en'], { type: 'language' }).of(language);
  } catch {
    return language;
  }
}

function phone({ language, formData, ui }) {
  const tongue = named(language);
  const warns = ui?.preApprovalScreen;
  return h('div', { className: 'phone' },
    h('div', { className: 'tongue' }, h('span', {}, tongue), language && h('code', {}, language)),
    formData === null
      ? h('div', { className: 'screen' }, h('p', { className: 'quiet' }, 'Phones do not show it: its type has no texts.'))
      : h('div', { className: 'screen', lang: language ?? undefined },
        warns && h('div', { className: 'alert' }, warns.heading ?? `First a screen: ${warns.type.toLowerCase()}`),
        h('h3', {}, formData.title), h('p', {}, formData.message), formData.attributes.map(line),
        h('div', { className: `buttons${ui?.flipButtons ? ' flip' : ''}` }, h('span', {}, 'Reject'), h('span', { className: 'yes' }, 'Approve'))));
}

export default async function templates(main, signal) {
  const list = h('div');
  main.append(head('Templates', 'What operations are created from, and what a phone shows of them in each language.'), list, texting(), creation());

  async function draw() {
    const [all, texts] = await Promise.all([call('getAllTemplates', {}, signal), call('listOperationTexts', {}, signal)]);
    list.replaceChildren(...all.map((it) => card(it, texts.filter((text) => text.placeholder === it.operationType))));
    if (all.length === 0) list.append(h('p', { className: 'empty' }, 'No template yet. Create one below.'));
  }

  function card(it, texts) {
    const phones = h('div', { className: 'phones', 'aria-live': 'polite' });
    const inputs = wanted(it, texts).map((name) => field(name, h('input', { name, value: SAMPLES[name] ?? name, autocomplete: 'off' })));
    const show = async () => {
      const parameters = Object.fromEntries(inputs.map((field) => field.querySelector('input')).map((input) => [input.name, input.value]));
      const previews = await call('preview', { operationType: it.operationType, dataTemplate: it.dataTemplate, riskFlags: it.riskFlags, parameters }, signal);
      phones.replaceChildren(...previews.map(phone));
    };
    for (const input of inputs) input.addEventListener('change', () => show().catch(() => {}));
    show().catch((error) => phones.replaceChildren(h('p', { className: 'notice bad' }, error.message)));
    return h('section', { className: 'card' },
      h('h2', {}, it.templateName),
      facts([
        ['Type', it.operationType], ['Signed data', h('code', {}, it.dataTemplate)],
        ['Factors', it.signatureType.map((name) => FACTORS.find(([known]) => known === name)?.[1] ?? name.toLowerCase().replaceAll('_', ' + ')).join(', ')],
        ['Lives for', `${it.expiration} s, ${it.maxFailureCount} attempts`],
      ]),
      h('br'), h('h3', {}, 'Preview'), h('br'),
      inputs.length > 0 && h('div', { className: 'row' }, inputs), inputs.length > 0 && h('br'), phones, h('br'),
      h('div', { className: 'actions' },
        texts.map((text) => h('button', { type: 'button', onclick: async () => {
          if (!await confirm('Remove this text?', `Phones no longer show ${it.operationType} in ${text.language}.`, 'Remove it')) return;
          await call('removeOperationText', { placeholder: text.placeholder, language: text.language }, signal);
          await draw();
        } }, `Remove text “${text.language}”`)),
        h('button', { type: 'button', className: 'danger', onclick: async () => {
          if (!await confirm('Remove this template?', 'Operations that exist stay as they are.', 'Remove it')) return;
          await call('removeOperationTemplate', { id: it.id }, signal);
          await draw();
        } }, 'Remove template')));
  }

  function creation() {
    const name = h('input', { required: true, maxlength: 255, placeholder: 'payment', autocomplete: 'off' });
    const type = h('input', { required: true, maxlength: 255, placeholder: 'payment', autocomplete: 'off' });
    const data = h('input', { required: true, maxlength: 255, value: 'A1*A${amount}${currency}*I${account}', autocomplete: 'off', className: 'code' });
    const boxes = FACTORS.map(([value, text]) => [h('input', { type: 'checkbox', value, checked: value !== 'POSSESSION' }), text]);
    const failures = h('input', { type: 'number', min: 1, max: 100, value: 5, required: true });
    const expiration = h('input', { type: 'number', min: 1, max: 86_400, value: 300, required: true });
    return h('section', { className: 'card' }, h('details', {}, h('summary', {}, 'New template'),
      form(async () => {
        await call('createOperationTemplate', {
          templateName: name.value.trim(), operationType: type.value.trim(), dataTemplate: data.value,
          signatureType: boxes.map(([box]) => box).filter((box) => box.checked).map((box) => box.value),
          maxFailureCount: Number(failures.value), expiration: Number(expiration.value),
        }, signal);
        name.value = type.value = '';
        await draw();
      }, { label: 'Create template' },
      h('div', { className: 'row' }, field('Name', name), field('Type', type, 'Texts belong to the type.')),
      field('Signed data', data, 'With placeholders such as ${amount}.'),
      h('fieldset', {}, h('legend', {}, 'May be approved with'), h('div', { className: 'choices' }, boxes.map(([box, text]) => h('label', {}, box, text)))),
      h('div', { className: 'row' }, field('Attempts', failures), field('Seconds to decide', expiration)))));
  }

  function texting() {
    const type = h('input', { required: true, maxlength: 255, placeholder: 'payment', autocomplete: 'off' });
    const language = h('input', { required: true, pattern: '[A-Za-z]{1,8}', value: 'en', autocomplete: 'off' });
    const title = h('input', { required: true, maxlength: 255, placeholder: 'Payment', autocomplete: 'off' });
    const message = h('input', { required: true, placeholder: 'Send ${amount} ${currency} to ${account}?', autocomplete: 'off' });
    const rows = h('textarea', { spellcheck: 'false' });
    rows.value = JSON.stringify(EXAMPLE_ROWS, null, 2);
    return h('section', { className: 'card' }, h('details', {}, h('summary', {}, 'New text in a language'),
      form(async () => {
        let attributes;
        try {
          attributes = rows.value.trim() ? JSON.parse(rows.value) : null;
        } catch {
          throw new Error('The rows are not JSON.');
        }
        await call('putOperationTexts', [{ placeholder: type.value.trim(), language: language.value.trim(), title: title.value, message: message.value, attributes }], signal);
        await draw();
      }, { label: 'Save text' },
      h('div', { className: 'row' }, field('Type', type), field('Language', language, 'For instance en or cs.')),
      field('Title', title), field('Message', message), field('Rows (JSON)', rows, 'Kinds: AMOUNT, AMOUNT_CONVERSION, KEY_VALUE, NOTE, HEADING, ALERT, PARTY_INFO, IMAGE.'))));
  }

  await draw();
}

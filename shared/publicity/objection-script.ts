/**
 * The script that sends an objection without leaving the page (it has to be JSON with an Idempotency-Key). It unhides
 * the form: without scripts the letter, the phone and the visit remain. It writes text only, never HTML.
 */
export const objectionScript = `
(() => {
  const form = document.getElementById('objection');
  if (!form) return;
  const answer = document.getElementById('objection-answer');
  const button = form.querySelector('button');
  const paragraph = (text, name = '') => {
    const element = document.createElement('p');
    element.textContent = text;
    element.className = name;
    return element;
  };
  const show = (isRefusal, ...parts) => {
    answer.className = isRefusal ? 'answer bad' : 'answer';
    answer.replaceChildren(...parts);
    answer.hidden = false;
    answer.focus();
  };
  const value = (name) => form.elements[name].value.trim();
  const showFields = () => {
    for (const field of form.querySelectorAll('[data-for]')) {
      const wanted = field.dataset.for.split(' ').includes(value('kind'));
      field.hidden = !wanted;
      for (const input of field.querySelectorAll('input')) input.required = wanted && input.dataset.must === 'yes';
    }
  };
  const freshKey = () =>
    Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
  // One key for one content: pressing twice after a lost answer registers the objection once.
  let key = freshKey();
  form.addEventListener('input', () => { key = freshKey(); showFields(); });
  const objector = () => {
    const kind = value('kind');
    const contact = value('contact') === '' ? {} : { contact: value('contact') };
    if (kind === 'named') return { kind, name: value('name'), ...contact };
    if (kind === 'unit') return { kind, unitName: value('unitName'), sealName: value('sealName'), ...contact };
    return { kind, ...contact };
  };
  const receipt = (number) => {
    const link = document.createElement('a');
    link.href = '/objections/' + encodeURIComponent(number);
    link.textContent = '查询复核结果';
    const line = paragraph('');
    line.append(link);
    return [paragraph('异议已收到。请抄下或保存回执编号，凭它查询复核结果：'), paragraph(number, 'receipt'), line];
  };
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      const reply = await fetch(form.getAttribute('action'), {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json', 'idempotency-key': key },
        body: JSON.stringify({ rowNo: Number(value('rowNo')), by: objector(), reason: value('reason') }),
      });
      const body = await reply.json();
      if (reply.ok) {
        form.hidden = true;
        show(false, ...receipt(body.receiptNumber));
      } else {
        // A refusal is remembered under its key: the next try is a new request. Where the first one may still be at
        // work, or failed halfway, the next try is the same request and registers nothing twice.
        const isUndecided = reply.status >= 500 || ['request-in-progress', 'changed-meanwhile'].includes(body.title);
        if (!isUndecided) key = freshKey();
        const problems = (body.problems || []).map((problem) => paragraph(problem.message));
        show(true, paragraph(body.detail || '提交未成功，请稍后重试。'), ...problems);
      }
    } catch {
      show(true, paragraph('网络不通，请稍后再点击提交；重复提交不会重复登记。'));
    } finally {
      button.disabled = false;
    }
  });
  showFields();
  form.hidden = false;
})();
`;

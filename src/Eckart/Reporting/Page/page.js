'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const find = id => document.getElementById(id);
  const element = (name, text, attributes) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    for (const key in attributes) made.setAttribute(key, attributes[key]);
    return made;
  };

  // The theme: the system's, until somebody presses the button.
  const theme = find('theme');
  const isDark = () => (document.documentElement.dataset.theme || (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark';
  const nameTheme = () => { theme.textContent = isDark() ? 'Light' : 'Dark'; };
  theme.addEventListener('click', () => { document.documentElement.dataset.theme = isDark() ? 'light' : 'dark'; nameTheme(); });
  theme.hidden = false;
  nameTheme();

  // A trial as the table shows it. The fields of a line are named in data.fields.
  const at = Object.fromEntries(data.fields.map((name, i) => [name, i]));
  const trials = data.trials.map((line, index) => {
    const group = data.groups[line[at.group]];
    const edit = line[at.edit];
    const single = /^([a-z]+)@(\d+)(?::([\d.]+))?$/.exec(edit);
    return {
      index, line, group, edit,
      model: group.model, task: group.task, protocol: group.protocol, shots: group.shots, seed: group.seed, split: group.split, run: group.run, order: group.order, dtype: group.dtype, svd: group.svd,
      module: edit === 'none' ? '' : single ? single[1] : 'several', layer: single ? +single[2] : null, rate: edit === 'none' ? 0 : single && single[3] ? +single[3] : null,
      accuracy: line[at.correct] / group.n, gained: line[at.gained], lost: line[at.lost], p: line[at.p], corrected: line[at.corrected],
      f1: line[at.macro_f1], nll: line[at.nll]
    };
  });

  const fixed = (value, digits) => value === null ? '' : typeof value === 'number' ? value.toFixed(digits) : value;
  const chance = value => value === null ? '' : value === 0 ? 'below 1e-300' : value < 1e-4 ? value.toExponential(1) : String(+value.toFixed(4));
  const columns = [
    ['edit', 'edit'], ['run', 'run'], ['model', 'model'], ['task', 'task'], ['protocol', 'protocol'], ['shots', 'shots', true], ['seed', 'seed', true], ['order', 'order', true], ['dtype', 'dtype'], ['svd', 'svd'], ['split', 'items'],
    ['accuracy', 'accuracy', true], ['gained', 'gained', true], ['lost', 'lost', true], ['p', 'p', true], ['corrected', 'p corrected', true],
    ['module', 'module'], ['layer', 'layer', true], ['rate', 'rate', true], ['f1', 'macro F1', true], ['nll', 'neg. log-lik.', true]
  ];
  const common = ['run', 'model', 'task', 'protocol', 'shots', 'seed', 'order', 'dtype', 'svd', 'split'];
  const many = new Set(common.filter(key => new Set(trials.map(trial => trial[key])).size > 1));
  const shown = columns.filter(([key]) => !common.includes(key) || many.has(key));

  const pageSize = 50;
  let wanted = trials, order = null, direction = 1, page = 0, chosen = null;

  const table = find('table'), body = table.tBodies[0], head = table.tHead.insertRow();
  for (const [key, name, isNumber] of shown) {
    const cell = element('th', undefined, { scope: 'col', class: isNumber ? 'number' : '' });
    const button = element('button', name, { type: 'button' });
    button.addEventListener('click', () => sortBy(key, cell));
    cell.append(button);
    head.append(cell);
  }

  function sortBy(key, cell) {
    direction = order === key ? -direction : ['accuracy', 'gained', 'f1'].includes(key) ? -1 : 1;
    order = key;
    for (const other of head.cells) other.removeAttribute('aria-sort');
    cell.setAttribute('aria-sort', direction > 0 ? 'ascending' : 'descending');
    page = 0;
    sort();
    show();
  }

  // What has no value comes last, either way; equal ones keep the run's order.
  function sort() {
    if (order === null) return;
    wanted = wanted.slice().sort((a, b) => {
      const x = a[order], y = b[order];
      if (x === y) return a.index - b.index;
      if (x === null) return 1;
      if (y === null) return -1;
      return x < y ? -direction : direction;
    });
  }

  const filters = find('filters');
  for (const name of ['model', 'task', 'split', 'module', 'layer']) {
    const values = [...new Set(trials.map(trial => trial[name]))].filter(value => value !== null && value !== '').sort((a, b) => a < b ? -1 : a > b ? 1 : 0);
    filters.elements[name].append(new Option('all', ''), ...values.map(value => new Option(value, value)));
    filters.elements[name].parentElement.hidden = values.length < 2;
  }

  function filter() {
    const pairs = ['model', 'task', 'split', 'module', 'layer'].map(name => [name, filters.elements[name].value]).filter(pair => pair[1] !== '');
    const text = filters.elements.edit.value.trim().toLowerCase();
    wanted = trials.filter(trial => pairs.every(([name, value]) => String(trial[name]) === value) && (text === '' || trial.edit.includes(text)));
    page = 0;
    sort();
    show();
  }
  filters.addEventListener('input', filter);
  filters.addEventListener('submit', event => event.preventDefault());
  filters.addEventListener('reset', () => setTimeout(filter));

  function cellOf(trial, key, isNumber) {
    const cell = element('td', undefined, { class: isNumber ? 'number' : '' });
    const n = trial.group.n;
    if (key === 'edit') {
      const button = element('button', trial.edit === 'none' ? 'unedited' : trial.edit, { type: 'button' });
      button.addEventListener('click', () => choose(trial));
      const name = element('th', undefined, { scope: 'row' });
      name.append(button);
      return name;
    }
    if (key === 'accuracy') {
      const right = trial.line[at.correct];
      cell.textContent = `${fixed(trial.accuracy, 4)} (${right}/${n})`;
      cell.title = `${right} of ${n} right = ${trial.accuracy}; ${trial.group.level} interval ${trial.line[at.low]} to ${trial.line[at.high]}; most frequent answer ${trial.group.majority}; F1 ${fixed(trial.line[at.f1], 4) || 'none'}; MCC ${fixed(trial.line[at.mcc], 4)}; calibration error ${fixed(trial.line[at.calibration_error], 4)}`;
    } else if (key === 'p' || key === 'corrected') {
      cell.textContent = chance(trial[key]);
      if (trial[key] !== null) cell.title = `${trial[key]}; ${trial.gained} gained, ${trial.lost} lost of n = ${n}; ${trial.group.compared} edits compared on these items`;
      if (key === 'corrected' && trial.corrected !== null && trial.corrected <= trial.group.alpha) cell.classList.add(trial.gained > trial.lost ? 'gain' : 'loss');
    } else if (key === 'f1' || key === 'nll') cell.textContent = fixed(trial[key], 4);
    else cell.textContent = trial[key] === null ? '' : trial[key];
    return cell;
  }

  function show() {
    const pages = Math.max(1, Math.ceil(wanted.length / pageSize));
    body.replaceChildren(...wanted.slice(page * pageSize, (page + 1) * pageSize).map(trial => {
      const row = element('tr');
      if (trial === chosen) row.className = 'chosen';
      row.append(...shown.map(([key, , isNumber]) => cellOf(trial, key, isNumber)));
      return row;
    }));
    find('count').textContent = wanted.length === trials.length ? `${trials.length} trials` : `${wanted.length} of ${trials.length} trials`;
    find('place').textContent = `page ${page + 1} of ${pages}`;
    find('previous').disabled = page === 0;
    find('next').disabled = page + 1 >= pages;
  }
  find('previous').addEventListener('click', () => { page--; show(); });
  find('next').addEventListener('click', () => { page++; show(); });

  // What a trial changed, query by query.
  let changes = [], changesPage = 0;
  function choose(trial) {
    chosen = trial;
    show();
    const { group } = trial;
    const before = group.unedited === null ? null : data.trials[group.unedited][at.predictions];
    const after = trial.line[at.predictions];
    const name = trial.edit === 'none' ? 'The unedited model' : trial.edit;
    find('changes-title').textContent = `${name}: ${trial.model} on ${trial.task}, ${trial.split}, ${trial.shots} demonstrations, seed ${trial.seed}`;
    changes = [];
    changesPage = 0;
    if (!after) find('changes-note').textContent = 'Its predictions are not in this page, which keeps those of the best trials where there are too many; trials.jsonl has the scores of all.';
    else if (!before) find('changes-note').textContent = 'The unedited model was not run on these items, so there is nothing to compare with.';
    else {
      for (let i = 0; i < after.length; i++) if (after[i] !== before[i]) changes.push(i);
      find('changes-note').textContent = trial.edit === 'none' ? `${trial.line[at.correct]} of ${group.n} right. Every edit is compared with it.`
        : `${changes.length} of ${group.n} predictions changed: ${trial.gained} gained, ${trial.lost} lost, ${changes.length - trial.gained - trial.lost} from one wrong choice to another. Exact McNemar p = ${chance(trial.p)}, corrected for ${group.compared} edits ${chance(trial.corrected)}.${group.control ? ` ${group.control}` : ''}`;
    }
    find('changes').hidden = false;
    showChanges(trial);
    find('changes-title').focus();
  }

  function showChanges() {
    const { group } = chosen;
    const before = group.unedited === null ? null : data.trials[group.unedited][at.predictions], after = chosen.line[at.predictions];
    const word = (query, digit) => { const choice = parseInt(digit, 36), words = group.choices; return words ? (words.length === 1 ? words[0] : words[query])[choice].trim() : `choice ${choice}`; };
    find('changed').tBodies[0].replaceChildren(...changes.slice(changesPage * pageSize, (changesPage + 1) * pageSize).map(query => {
      const row = element('tr'), gold = group.gold[query];
      const text = group.texts && group.texts[query] >= 0 ? data.texts[group.texts[query]] : null;
      const cell = element('td', text === null ? 'text not kept' : text, { class: 'text', dir: 'auto' });
      if (text === null) cell.classList.add('note');
      const kind = after[query] === gold ? 'gained' : before[query] === gold ? 'lost' : 'still wrong';
      row.append(element('th', group.rows[query], { scope: 'row' }), cell, element('td', word(query, gold), { dir: 'auto' }), element('td', word(query, before[query]), { dir: 'auto' }), element('td', word(query, after[query]), { dir: 'auto' }),
        element('td', kind, { class: kind === 'gained' ? 'gain' : kind === 'lost' ? 'loss' : '' }));
      return row;
    }));
    const pages = Math.max(1, Math.ceil(changes.length / pageSize));
    find('changed').parentElement.hidden = changes.length === 0;
    find('changes-place').textContent = `page ${changesPage + 1} of ${pages}`;
    find('changes-place').parentElement.hidden = pages === 1;
    find('changes-previous').disabled = changesPage === 0;
    find('changes-next').disabled = changesPage + 1 >= pages;
  }
  find('changes-previous').addEventListener('click', () => { changesPage--; showChanges(); });
  find('changes-next').addEventListener('click', () => { changesPage++; showChanges(); });

  find('explorer').hidden = false;
  show();
})();

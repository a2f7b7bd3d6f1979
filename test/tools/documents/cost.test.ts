import { withGenerated } from '../../../tools/documents/generated';
import { CHARTS, COST_TABLES } from '../../../tools/documents/main';
import { pageText } from '../../../tools/kit/documents';

test.each(Object.entries(COST_TABLES))(
  '%s is up to date; `npx projen documents` with its name writes it',
  (name, [file, rows]) => {
    expect(withGenerated(pageText(file), name, rows())).toBe(pageText(file));
  },
);

test.each(Object.entries(CHARTS))(
  'docs/images/%s.svg is up to date; `npx projen documents` with its name writes it',
  (name, draw) => {
    expect(draw()).toBe(pageText(`docs/images/${name}.svg`));
  },
);

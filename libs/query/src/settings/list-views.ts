import { settingValues } from '@telltale/contracts';
import { z } from 'zod';
import { named } from '../define/definition';
import { defineQuery } from '../define/define-query';
import { text } from '../define/params';
import { isoTime } from '../define/row-fields';

const MAX_VIEWS = 1_000;

const view = named(
  'SavedView',
  z.object({ name: z.string(), changed_at: isoTime, changed_by: z.string(), ...settingValues.view.shape }),
);

export const listViews = defineQuery({
  name: 'listViews',
  about: 'Saved views of the tenant, by title: settings of the type view, which every reader may open. putSetting saves one, deleteSetting deletes it.',
  tag: 'settings',
  scope: 'read',
  path: '/api/views',
  params: { page: text('Only of this page', 50).optional() },
  example: { page: 'explore' },
  limits: { maxRows: MAX_VIEWS },
  answer: named('ListViewsAnswer', z.object({ views: z.array(view), left_out: z.int().describe('Views beyond the first 1,000') })),
  run: ({ page }, { settings, tenant }) => {
    const views = settings
      .list({ type: 'view', tenant })
      .flatMap((one) => (one.type === 'view' && one.value !== null && (page === undefined || one.value.page === page) ? [{ name: one.name, changed_at: one.changed_at, changed_by: one.changed_by, ...one.value }] : []))
      .sort((a, b) => a.title.localeCompare(b.title, 'en') || (a.name < b.name ? -1 : 1));
    return Promise.resolve({ views: views.slice(0, MAX_VIEWS), left_out: Math.max(0, views.length - MAX_VIEWS) });
  },
}); // prettier-ignore

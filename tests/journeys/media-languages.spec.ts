/** What the widget says about files and recordings, in the language of the interview. */

import { expect, test } from '../fixtures/index.ts';
import { file, MediaInterview, WITH_DEVICES } from '../fixtures/media.ts';

const MIB = 1024 * 1024;

/** Arabic has six plural forms and its own direction; Japanese has one form, and neither has a letter of English. */
const LANGUAGES = [
  {
    tag: 'ar',
    skip: 'تخطٍّ',
    choose: 'اختيار ملفات',
    detail: ['صور', '\u20688 م.ب\u2069', '\u20683\u2069 ملفات على الأكثر'],
    wrongType: 'هذا النوع من الملفات غير مقبول. الأنواع الممكنة: \u2068صور أو PDF\u2069.',
    remove: 'إزالة \u2068letter.pdf\u2069',
    done: 'تم الرفع',
    lead: 'تسجيل إجابتكم',
    start: 'بدء التسجيل',
    think: 'وقت للتفكير. يبدأ التسجيل خلال \u20681:00\u2069',
    now: 'البدء الآن',
    stop: 'إيقاف التسجيل',
    again: 'يمكن إعادة التسجيل مرتين.',
  },
  {
    tag: 'ja',
    skip: 'スキップ',
    choose: 'ファイルを選択',
    detail: ['画像', '8 MBまで', 'ファイルは3個まで'],
    wrongType: 'この種類のファイルは受け付けられません。使用できる種類：画像またはPDF。',
    remove: '「letter.pdf」を削除',
    done: 'アップロードしました',
    lead: '回答を録音',
    start: '開始',
    think: '考える時間です。開始まであと1:00',
    now: '今すぐ開始',
    stop: '停止',
    again: 'あと2回やり直せます。',
  },
];

const campaign = (tag: string) => ({
  id: `camp_media${tag}`,
  name: tag,
  settings: { locale: tag },
  guide: {
    schema: 1,
    title: { [tag]: `Title (${tag})` },
    blocks: [
      {
        id: 'all',
        questions: [
          { id: 'papers', kind: 'file', text: { [tag]: `Papers (${tag})` }, required: false, validate: { accept: ['image/*', 'application/pdf'], max_bytes: 8 * MIB, max_choices: 3 } },
          { id: 'day', kind: 'audio', text: { [tag]: `Day (${tag})` }, required: false, recording: { think_time_ms: 60_000, max_retakes: 2 }, validate: { max_duration_ms: 60_000 } },
        ],
      },
    ],
    ends: [{ id: 'done', text: { [tag]: `End (${tag})` } }],
  },
});

test.use({ launchOptions: WITH_DEVICES, permissions: ['microphone', 'camera'] });

for (const words of LANGUAGES) {
  test(`files and recordings are spoken of in ${words.tag}`, async ({ page, world, invite, embed }) => {
    await world.server.importCampaign(campaign(words.tag));
    const interview = new MediaInterview(page);
    await embed({ inviteToken: (await invite(`camp_media${words.tag}`)).invite_token });
    await interview.shows(`Papers (${words.tag})`);
    const slot = interview.root.locator('[data-media]');
    await expect(slot).toContainText(words.choose);
    for (const text of words.detail) await expect(slot).toContainText(text);
    await interview.chooseFiles(file('notes.txt', 'text/plain', 5));
    await expect(interview.alert()).toHaveText(`notes.txt: ${words.wrongType}`);
    await interview.chooseFiles(file('letter.pdf', 'application/pdf', 10));
    await expect(interview.row('letter.pdf')).toContainText(words.done);
    await interview.button(words.remove).click();
    expect(await slot.evaluate((element) => (element as HTMLElement).innerText.replace(/PDF|MB|notes\.txt|letter\.pdf/g, '')), 'English is left').not.toMatch(/[A-Za-z]/);

    await interview.button(words.skip).click();
    await interview.shows(`Day (${words.tag})`);
    await expect(slot).toContainText(words.lead);
    await interview.button(words.start).click();
    await expect(slot).toContainText(new RegExp(words.think.replace('1:00', '(1:00|0:5\\d)')));
    await interview.button(words.now).click();
    // Of a recording that is stopped at once nothing is left.
    await expect(slot.locator('[data-clock]')).not.toContainText('1:00');
    await interview.button(words.stop).click();
    await expect(slot).toContainText(words.again);
  });
}

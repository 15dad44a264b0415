/** Guides of any length, for interviews over bad lines. */

/** The most questions that a guide may have. */
export const MOST_QUESTIONS = 500;

/** What question number `number` asks. */
export const asks = (number) => `Question number ${number}?`;

/**
 * The content of a campaign file: so many short texts, asked by their number.
 *
 * @param {string} id
 * @param {number} count
 * @param {{offlineQuestions?: number, allowBack?: boolean, pattern?: string}} [options] `pattern` is checked by the server alone
 */
export const numbered = (id, count, { offlineQuestions = 0, allowBack = false, pattern } = {}) => ({
  id,
  name: id,
  guide: {
    schema: 1,
    title: { en: 'Numbered questions' },
    ...(offlineQuestions > 0 && { offline_questions: offlineQuestions }),
    ...(allowBack && { allow_back: true }),
    blocks: [
      {
        id: 'all',
        questions: Array.from({ length: count }, (_, index) => ({
          id: `q${index + 1}`,
          kind: 'short_text',
          text: { en: asks(index + 1) },
          ...(pattern && { validate: { pattern } }),
        })),
      },
    ],
    ends: [{ id: 'done', text: { en: 'That was all.' } }],
  },
});

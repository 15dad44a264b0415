import { renderSurveyInline } from '@formbricks/surveys';

const nothing = () => {};
renderSurveyInline({
  containerId: 'app',
  survey: {
    id: 'survey',
    name: 'Survey',
    type: 'link',
    status: 'inProgress',
    questions: [{ id: 'first', type: 'openText', headline: window.question, required: true, inputType: 'text', longAnswer: true, placeholder: '' }],
    welcomeCard: { enabled: false },
    thankYouCard: { enabled: true, headline: 'Thank you' },
    hiddenFields: { enabled: false },
    languages: [],
    styling: null,
  },
  styling: {},
  brandColor: '#4338ca',
  languageCode: 'default',
  isBrandingEnabled: false,
  getSetIsError: nothing,
  getSetIsResponseSendingFinished: nothing,
  onDisplay: nothing,
  onResponse: nothing,
  onFinished: nothing,
  onClose: nothing,
  onFileUpload: async () => '',
});

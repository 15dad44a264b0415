import { FlowForm, LanguageModel, QuestionModel, QuestionType } from '@ditdot-dev/vue-flow-form/dist/vue-flow-form.esm.js';
import '@ditdot-dev/vue-flow-form/dist/vue-flow-form.min.css';
import '@ditdot-dev/vue-flow-form/dist/vue-flow-form.theme-minimal.min.css';
import { createApp, h } from 'vue';

const questions = [new QuestionModel({ title: window.question, type: QuestionType.LongText, required: true })];
createApp({ render: () => h(FlowForm, { questions, language: new LanguageModel({}), standalone: true }) }).mount('#app');

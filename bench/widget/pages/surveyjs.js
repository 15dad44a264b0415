import { Model } from 'survey-core';
import 'survey-core/survey-core.fontless.min.css';
import 'survey-js-ui';

const survey = new Model({ elements: [{ name: 'first', type: 'comment', title: window.question, isRequired: true }] });
survey.render(document.querySelector('#app'));

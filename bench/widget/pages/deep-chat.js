import 'deep-chat';

const chat = document.createElement('deep-chat');
chat.demo = true;
chat.introMessage = { text: window.question };
document.querySelector('#app').append(chat);

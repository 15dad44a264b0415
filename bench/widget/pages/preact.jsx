/** The least that a chat can be: a question, a field, a list of what was said. */
import { render } from 'preact';
import { useState } from 'preact/hooks';

function Chat({ question }) {
  const [said, setSaid] = useState([]);
  const [text, setText] = useState('');
  const send = (event) => {
    event.preventDefault();
    setSaid([...said, text]);
    setText('');
  };
  return (
    <form onSubmit={send}>
      <label for="answer">{question}</label>
      <ul>{said.map((text, at) => <li key={at}>{text}</li>)}</ul>
      <textarea id="answer" value={text} onInput={(event) => setText(event.currentTarget.value)} />
      <button>Send</button>
    </form>
  );
}

render(<Chat question={window.question} />, document.querySelector('#app'));

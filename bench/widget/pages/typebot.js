import Typebot from '@typebot.io/js/web';

Typebot.initStandard({ typebot: 'survey', apiHost: location.origin });

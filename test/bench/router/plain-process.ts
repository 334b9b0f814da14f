/** The server it is compared with, in a process of its own. */
import { startPlainServer } from './plain-server';
import { answerQuestions } from './server-process';

answerQuestions(startPlainServer());

import { terraformAtTerminal } from '../../../scripts/deploy/interactive';

/** A process of its own: jest keeps signals from the code that it runs. */
void terraformAtTerminal(['apply'], '.', process.stderr).then(({ code }) => {
  process.exitCode = code;
});

import type { Invocation } from '../../runtime/ports';
import type { Analysis } from './analysis';
import { analyze } from './analyze';
import type { BulkAnswer } from './bulk-answer';
import { discard } from './discard';
import type { Request } from './event';
import { type Measurement, measure } from './measure';
import type { Services } from './ports';
import { redrive } from './redrive';
import { resolve, type ResolveAnswer } from './resolve';

/** The answer to an event, by its `action`. */
export type Answer = Analysis | BulkAnswer | Measurement | ResolveAnswer;

/** Does what an event asks for. @throws ServiceError when nothing was done */
export function operate(request: Request, services: Services, invocation: Invocation): Promise<Answer> {
  switch (request.action) {
    case 'analyze':
      return analyze(request, services, invocation);
    case 'redrive':
      return redrive(request, services, invocation);
    case 'discard':
      return discard(request, services, invocation);
    case 'resolve':
      return resolve(request, services, invocation);
    case 'measure':
      return measure(services);
  }
}

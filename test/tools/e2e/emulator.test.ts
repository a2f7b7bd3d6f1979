import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { preparePython } from '../../../tools/e2e/emulator/environment';
import { Emulator } from '../../../tools/e2e/emulator/emulator';
import { Processes } from '../../../tools/kit/processes';
import { fakeProgram } from '../../../tools/kit/command-run';
import { newDirectory } from '../../../tools/kit/new-directory';

function start(python: string): Promise<Emulator> {
  const directory = newDirectory();
  return Emulator.start({ python, directory, log: join(directory, 'the.log'), processes: new Processes() });
}

test('an emulator that does not come up is not waited for: its own words say why', async () => {
  await expect(start(fakeProgram('echo "Address already in use" >&2; exit 1'))).rejects.toThrow(
    /The emulator has ended \(1\):[^]*Address already in use/,
  );
});

test('the same with a program that cannot be run', async () => {
  await expect(start('/no/such/python')).rejects.toThrow(/The emulator has ended \(.*ENOENT\)/);
});

describe('the Python environment', () => {
  const path = process.env.PATH;
  afterEach(() => {
    process.env.PATH = path;
  });

  function prepare() {
    const directory = join(newDirectory(), 'venv');
    return preparePython({
      directory,
      log: join(newDirectory(), 'the.log'),
      processes: new Processes(),
      say: () => undefined,
    });
  }

  test('without Python it is not installed', async () => {
    process.env.PATH = newDirectory();
    await expect(prepare()).rejects.toThrow(
      'python3 cannot be run. There is no Python environment: install Python 3.10 or newer, with its venv.',
    );
  });

  test('without a network nothing is installed, which pip says, and what to do', async () => {
    const directory = newDirectory();
    symlinkSync(
      fakeProgram(
        'mkdir -p "$3/bin"; printf "#!/bin/sh\\necho No matching distribution; exit 1\\n" > "$3/bin/python"; chmod +x "$3/bin/python"',
      ),
      join(directory, 'python3'),
    );
    process.env.PATH = `${directory}:${path}`;

    await expect(prepare()).rejects.toThrow(
      /No matching distribution\nThe emulator is not installed: look after the network, or set PIP_INDEX_URL/,
    );
  });
});

// Generated from projenrc/lint.ts
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['lib/', 'assets/', 'cdktf.out/', 'dist/', 'coverage/', '.venv/', '.e2e/', '.mutation/', '**/*.mjs'] },
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { project: './tsconfig.dev.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      // Every index is checked by the compiler; where a bound is known, "!" says so.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  // The compiler checks the tests' types; linting by type would double the time of the whole test command.
  { files: ['test/**'], ...tseslint.configs.disableTypeChecked },
  ...[
  {
    "files": [
      "src/contract/**"
    ],
    "rules": {
      "no-restricted-imports": [
        "error",
        {
          "paths": [
            {
              "name": "@cdktf/provider-aws",
              "message": "Import from @cdktf/provider-aws/lib/<resource>."
            },
            {
              "name": "@cdktf/provider-archive",
              "message": "Import from @cdktf/provider-archive/lib/<resource>."
            },
            {
              "name": "@cdktf/provider-random",
              "message": "Import from @cdktf/provider-random/lib/<resource>."
            }
          ],
          "patterns": [
            {
              "group": [
                "cdktf",
                "constructs",
                "@cdktf/*",
                "@aws-sdk/*",
                "**/infrastructure/**",
                "**/app/**",
                "**/processor/**",
                "**/local/**"
              ],
              "message": "The contract is what both sides speak: it imports neither of them, and no AWS SDK."
            }
          ]
        }
      ]
    }
  },
  {
    "files": [
      "src/infrastructure/**",
      "src/app/**"
    ],
    "rules": {
      "no-restricted-imports": [
        "error",
        {
          "paths": [
            {
              "name": "@cdktf/provider-aws",
              "message": "Import from @cdktf/provider-aws/lib/<resource>."
            },
            {
              "name": "@cdktf/provider-archive",
              "message": "Import from @cdktf/provider-archive/lib/<resource>."
            },
            {
              "name": "@cdktf/provider-random",
              "message": "Import from @cdktf/provider-random/lib/<resource>."
            }
          ],
          "patterns": [
            {
              "group": [
                "**/processor/**",
                "**/dlq-processor/**",
                "**/runtime/**",
                "**/producer/**",
                "**/local/**",
                "@aws-lambda-powertools/*",
                "@aws-sdk/*"
              ],
              "message": "Infrastructure takes the built bundle, never a handler. Shared names belong in src/contract."
            }
          ]
        }
      ]
    }
  },
  {
    "files": [
      "src/processor/**",
      "src/dlq-processor/**",
      "src/runtime/**",
      "src/producer/**",
      "src/local/**"
    ],
    "rules": {
      "no-restricted-imports": [
        "error",
        {
          "paths": [
            {
              "name": "@cdktf/provider-aws",
              "message": "Import from @cdktf/provider-aws/lib/<resource>."
            },
            {
              "name": "@cdktf/provider-archive",
              "message": "Import from @cdktf/provider-archive/lib/<resource>."
            },
            {
              "name": "@cdktf/provider-random",
              "message": "Import from @cdktf/provider-random/lib/<resource>."
            }
          ],
          "patterns": [
            {
              "group": [
                "cdktf",
                "constructs",
                "@cdktf/*",
                "**/infrastructure/**",
                "**/app/**"
              ],
              "message": "Code that handles payments never loads cdktf. Shared names belong in src/contract."
            }
          ]
        }
      ]
    }
  },
  {
    "files": [
      "src/ops/**"
    ],
    "rules": {
      "no-restricted-imports": [
        "error",
        {
          "paths": [
            {
              "name": "@cdktf/provider-aws",
              "message": "Import from @cdktf/provider-aws/lib/<resource>."
            },
            {
              "name": "@cdktf/provider-archive",
              "message": "Import from @cdktf/provider-archive/lib/<resource>."
            },
            {
              "name": "@cdktf/provider-random",
              "message": "Import from @cdktf/provider-random/lib/<resource>."
            }
          ],
          "patterns": [
            {
              "group": [
                "cdktf",
                "constructs",
                "@cdktf/*",
                "**/infrastructure/**",
                "!**/infrastructure/names",
                "**/app/**",
                "**/local/**"
              ],
              "message": "The operator's tool is quick to start, and works where nothing is synthesized: it never loads cdktf. Of the infrastructure it knows the names."
            }
          ]
        }
      ]
    }
  },
  {
    "files": [
      "src/processor/core/**",
      "src/dlq-processor/core/**"
    ],
    "rules": {
      "no-restricted-imports": [
        "error",
        {
          "paths": [
            {
              "name": "@cdktf/provider-aws",
              "message": "Import from @cdktf/provider-aws/lib/<resource>."
            },
            {
              "name": "@cdktf/provider-archive",
              "message": "Import from @cdktf/provider-archive/lib/<resource>."
            },
            {
              "name": "@cdktf/provider-random",
              "message": "Import from @cdktf/provider-random/lib/<resource>."
            }
          ],
          "patterns": [
            {
              "group": [
                "cdktf",
                "constructs",
                "@cdktf/*",
                "**/infrastructure/**",
                "**/app/**",
                "@aws-sdk/*",
                "@aws-lambda-powertools/*",
                "**/adapters/**",
                "**/runtime/**"
              ],
              "message": "The core sees ports only: AWS, HTTP and Powertools belong in the adapters beside it."
            }
          ]
        }
      ]
    }
  }
],
);

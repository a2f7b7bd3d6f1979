import type { PipelineRow } from './prop-definitions';
import { kmsKeyArnRule, listOf, matches, secretArnRule } from './prop-rules';

/** AWS page "AWS Availability Zones": the code of the region, and a letter. */
const ZONE_NAME = String.raw`^[a-z]{2}(-[a-z]+)+-\d+[a-z]$`;

const httpsUrl = matches(
  String.raw`^https://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:443)?([/?#]\S*)?$`,
  'an https URL on port 443, without credentials',
);

/** The values of the prop `fraudApi`. */
export const FRAUD_API_PROPS = {
  'fraudApi.url': {
    rule: { ...httpsUrl, allows: (value: unknown) => httpsUrl.allows(value) && URL.canParse(String(value)) },
    variable: {
      name: 'fraud_api_url',
      description:
        "URL of the fraud API that decides every payment, within the VPC's range or behind PrivateLink. Required.",
    },
  },
  'fraudApi.serviceName': {
    rule: matches(String.raw`^[a-z0-9][a-z0-9.-]+$`, 'the name of an endpoint service'),
    variable: {
      name: 'fraud_api_service_name',
      description: 'Name of the PrivateLink service of the fraud API, or "none" for an API within the VPC\'s range.',
      unset: 'none',
      atSynthesis: true,
    },
  },
  'fraudApi.availabilityZones': {
    rule: listOf(
      ZONE_NAME,
      'one or more names of availability zones, such as ap-southeast-1a, not ids such as apse1-az1',
    ),
    variable: {
      name: 'fraud_api_availability_zones',
      description:
        'Names of the availability zones in which this service can be reached, separated by commas, or "none" for all of the network.',
      unset: 'none',
      atSynthesis: true,
    },
  },
  'fraudApi.apiKeySecretArn': {
    rule: secretArnRule,
    variable: {
      name: 'fraud_api_key_secret_arn',
      description: 'ARN of the Secrets Manager secret with the key of the fraud API, or "none" for no key.',
      unset: 'none',
      atSynthesis: true,
    },
  },
  'fraudApi.apiKeyKmsKeyArn': {
    rule: kmsKeyArnRule,
    variable: {
      name: 'fraud_api_key_kms_key_arn',
      description: 'ARN of the customer-managed key that encrypts this secret, or "none" for a key of AWS.',
      unset: 'none',
      atSynthesis: true,
    },
  },
  'fraudApi.adapter': {
    rule: matches(String.raw`.\.mjs$`, 'the path of an .mjs file'),
    variable: {
      name: 'fraud_api_adapter',
      description:
        'Path of the adapter that translates between the pipeline and the fraud API, from the project\'s root, or "none" for an API that speaks the pipeline\'s contract.',
      unset: 'none',
      atSynthesis: true,
    },
  },
} satisfies Readonly<Record<string, PipelineRow>>;

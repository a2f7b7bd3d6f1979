import { offlineHcl } from '../../../tools/terraform/offline-hcl';

/** HCL in cdktf's form. */
const HCL = `terraform {
required_providers {
  aws = {
version = "~> 5.0"
source = "hashicorp/aws"
}
  archive = {
version = "~> 2.7"
source = "hashicorp/archive"
}
  random = {
version = "~> 3.7"
source = "hashicorp/random"
}
}
}

provider "random" {
}

data "archive_file" "code" {
excludes = [
"index.mjs.map"
]
output_path = "assets/code.zip"
}

resource "random_uuid" "release" {
keepers = {
code = "\${data.archive_file.code.output_base64sha256}"
}
}

resource "random_bytes" "key" {
length = 32
}

resource "aws_lambda_function" "f" {
filename = "\${data.archive_file.code.output_path}"
environment {
variables = {
RELEASE_ID = "\${random_uuid.release.result}"
KEY = "\${random_bytes.key.hex}"
NOTE = "data.archive_file.code is only text here"
}
}
}

provider "archive" {
}
`;

const OFFLINE = {
  locals: { archive_file_code: { output_path: '/code.zip' } },
  resource: { terraform_data: { release: {} }, aws_vpc: { v: {} } },
};

test('resources of archive and random go, references to them lead to the stand-ins, all else stays', () => {
  expect(offlineHcl(HCL, OFFLINE).hcl).toBe(`terraform {
required_providers {
  aws = {
version = "~> 5.0"
source = "hashicorp/aws"
}
}
}

resource "aws_lambda_function" "f" {
filename = "\${local.archive_file_code.output_path}"
environment {
variables = {
RELEASE_ID = "\${terraform_data.release.id}"
KEY = "\${sensitive(terraform_data.key.id)}"
NOTE = "data.archive_file.code is only text here"
}
}
}

`);
});

test('the stand-ins are those of the JSON, and nothing else of it', () => {
  expect(offlineHcl(HCL, OFFLINE).standIns).toEqual({
    locals: OFFLINE.locals,
    resource: { terraform_data: { release: {} } },
  });
});

test('HCL that needs neither stays as it is', () => {
  const hcl = 'resource "aws_vpc" "v" {\ncidr_block = "10.0.0.0/16"\n}\n';
  expect(offlineHcl(hcl, OFFLINE).hcl).toBe(hcl);
});

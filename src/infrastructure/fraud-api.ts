/** The API key, when the fraud API wants one, and the adapter, when it has a contract of its own. */
export interface FraudApiOptions {
  /**
   * ARN of the Secrets Manager secret whose text is the key. The function reads it when it starts, and again when the
   * API answers 401, so that it can be rotated; the key itself is in no variable, plan or state.
   * @default no key is sent
   */
  readonly apiKeySecretArn?: string;

  /**
   * ARN of the customer-managed key that encrypts the secret, which the function may then use to decrypt.
   * @default the account's own key for Secrets Manager, which needs no permission
   */
  readonly apiKeyKmsKeyArn?: string;

  /**
   * Path of the module that translates between the pipeline and this API, relative to the working directory: an `.mjs` file that imports only Node's own
   * modules, and exports the functions of `FraudApiAdapter`. The synthesis runs it once to check that, and packages it with the function's code.
   * @default none: the API speaks the pipeline's own contract
   */
  readonly adapter?: string;
}

/** A fraud API behind AWS PrivateLink. */
export interface PrivateLinkOptions extends FraudApiOptions {
  /** Name of the endpoint service, such as `com.amazonaws.vpce.ap-southeast-1.vpce-svc-0123456789abcdef0`. */
  readonly serviceName: string;
  /** https, port 443; called with POST exactly as given. Its host must be one of those in the service's certificate. */
  readonly url: string;
  /**
   * Names of the availability zones in which the service can be reached, such as `ap-southeast-1a`, as this AWS account has
   * them: `aws ec2 describe-vpc-endpoint-services --service-names <name>` lists them. The endpoint takes the subnets in these
   * zones. A plan fails when the network has no subnet in one of them.
   * @default all zones of the network
   */
  readonly availabilityZones?: readonly string[];
}

/**
 * The fraud API's address, and how the payment processor reaches it from a network without internet access. Creating one never
 * throws: the pipeline reports its faults together with those of every other prop.
 */
export class FraudApi {
  /**
   * Returns a fraud API at an address within the VPC's range, such as a load balancer in it, also in front of another network.
   * @param url https, port 443; called with POST exactly as given
   */
  static url(url: string, options: FraudApiOptions = {}): FraudApi {
    return new FraudApi(url, options);
  }

  /** Returns a fraud API that its owner offers over AWS PrivateLink. The pipeline adds its interface endpoint and its private name. */
  static privateLink({ serviceName, url, availabilityZones, ...options }: PrivateLinkOptions): FraudApi {
    return new FraudApi(url, options, {
      name: serviceName,
      ...(availabilityZones !== undefined && { availabilityZones }),
    });
  }

  private constructor(
    /** The given URL. */
    readonly url: string,
    private readonly options: FraudApiOptions,
    /** The PrivateLink service; undefined when the API needs no endpoint. */
    readonly endpointService?: { readonly name: string; readonly availabilityZones?: readonly string[] },
  ) {}

  /** The given ARN; undefined without a key. */
  get apiKeySecretArn(): string | undefined {
    return this.options.apiKeySecretArn;
  }

  /** The given ARN; undefined without one. */
  get apiKeyKmsKeyArn(): string | undefined {
    return this.options.apiKeyKmsKeyArn;
  }

  /** The given path; undefined without an adapter. */
  get adapter(): string | undefined {
    return this.options.adapter;
  }
}

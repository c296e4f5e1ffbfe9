import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, ProjectionType, StreamViewType, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';

/** `worklist` what waits for a schedule · `desk` for an officer · `tenant` an applicant's own list · `person` one person's lines. */
export type IndexName = 'worklist' | 'desk' | 'tenant' | 'person';

const indexKeys: Readonly<Record<IndexName, readonly [partition: string, sort: string]>> = {
  worklist: ['wpk', 'wsk'],
  desk: ['dpk', 'dsk'],
  tenant: ['tpk', 'tsk'],
  person: ['ppk', 'psk'],
};

/**
 * The one table of the product. Indexes hold keys only: they find items, and whoever decides reads the item itself.
 * At rest it is sealed with the account's own DynamoDB key; identity, card and phone numbers in it are sealed again by
 * the product, under the personal-data key.
 */
export class ClaimsTable extends Construct {
  readonly table: TableV2;
  /** The stream that relay-events reads. */
  readonly streamArn: string;

  constructor(scope: Construct, id: string, props: { keepsData: boolean }) {
    super(scope, id);
    this.table = new TableV2(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      globalSecondaryIndexes: Object.entries(indexKeys).map(([indexName, [partition, sort]]) => ({
        indexName,
        partitionKey: { name: partition, type: AttributeType.STRING },
        sortKey: { name: sort, type: AttributeType.STRING },
        projectionType: ProjectionType.KEYS_ONLY,
      })),
      timeToLiveAttribute: 'expiresAt',
      dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
      encryption: TableEncryptionV2.awsManagedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true, recoveryPeriodInDays: 35 },
      deletionProtection: props.keepsData,
      removalPolicy: props.keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    const { tableStreamArn } = this.table;
    if (tableStreamArn === undefined) throw new Error('the claims table was made without its stream');
    this.streamArn = tableStreamArn;
  }
}

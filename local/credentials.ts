/** Access key and secret that the stand-ins accept; worthless anywhere else. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** S3 and KMS check signatures against these: presigned links of another cloud are refused, as on AWS. */
export const localCredentials: Credentials = {
  accessKeyId: 'LOCALACCESSKEYID',
  secretAccessKey: 'local-secret-access-key',
};

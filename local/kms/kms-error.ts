/** Refusals in the words of AWS KMS; all are 400 but the last, which says that the stand-in lacks the operation. */
export type KmsErrorName =
  | 'IncompleteSignatureException'
  | 'IncorrectKeyException'
  | 'InvalidCiphertextException'
  | 'InvalidKeyUsageException'
  | 'InvalidSignatureException'
  | 'KMSInvalidMacException'
  | 'MissingAuthenticationTokenException'
  | 'NotFoundException'
  | 'SerializationException'
  | 'UnrecognizedClientException'
  | 'UnsupportedOperationException'
  | 'ValidationException'
  | 'UnknownOperationException';

export class KmsError extends Error {
  override readonly name: KmsErrorName;
  readonly status: 400 | 501;

  constructor(name: KmsErrorName, message: string) {
    super(message);
    this.name = name;
    this.status = name === 'UnknownOperationException' ? 501 : 400;
  }
}

import { CHECKSUM_ALGORITHMS, checksumHeader } from './checksum/checksum.ts';
import type { Operation } from './operation.ts';
import { createBucket, headBucket, listBuckets } from './operations/buckets.ts';
import { abortMultipartUpload, completeMultipartUpload } from './operations/complete-multipart-upload.ts';
import { copyObject } from './operations/copy-object.ts';
import { createMultipartUpload } from './operations/create-multipart-upload.ts';
import { deleteObject } from './operations/delete-object.ts';
import { deleteObjects } from './operations/delete-objects.ts';
import { getObject, RESPONSE_OVERRIDES } from './operations/get-object.ts';
import { listMultipartUploads, listParts } from './operations/list-multipart-uploads.ts';
import { listObjectVersions } from './operations/list-object-versions.ts';
import { listObjectsV2 } from './operations/list-objects.ts';
import {
  getObjectLegalHold,
  getObjectRetention,
  putObjectLegalHold,
  putObjectRetention,
} from './operations/object-retention.ts';
import { putObject } from './operations/put-object.ts';
import { uploadPart, uploadPartCopy } from './operations/upload-part.ts';
import { COPY_SOURCE_HEADERS } from './rules/copy-source.ts';
import { LOCK_HEADERS } from './rules/requested-lock.ts';

const CHECKSUMS = CHECKSUM_ALGORITHMS.map(checksumHeader);
/** What may come with any body. */
const BODY = ['x-amz-decoded-content-length', 'x-amz-sdk-checksum-algorithm', 'x-amz-trailer', ...CHECKSUMS];
const NEW_OBJECT = ['x-amz-meta-*', 'x-amz-storage-class', ...LOCK_HEADERS];
const WRITE_CONDITIONS = ['if-match', 'if-none-match'];
const READ_CONDITIONS = ['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since'];
const BYPASS = 'x-amz-bypass-governance-retention';

/** The whole of what this stand-in does, apart from form uploads and preflights. Whatever is not here is answered 501. */
export const OPERATIONS: readonly Operation[] = [
  { name: 'ListBuckets', method: 'GET', level: 'service', handle: listBuckets },
  { name: 'HeadBucket', method: 'HEAD', level: 'bucket', handle: headBucket },
  {
    name: 'CreateBucket',
    method: 'PUT',
    level: 'bucket',
    headers: [...BODY, 'x-amz-bucket-object-lock-enabled'],
    handle: createBucket,
  },
  {
    name: 'ListObjectsV2',
    method: 'GET',
    level: 'bucket',
    marks: [['list-type', '2']],
    query: ['prefix', 'delimiter', 'max-keys', 'continuation-token', 'start-after', 'encoding-type', 'fetch-owner'],
    handle: listObjectsV2,
  },
  {
    name: 'ListObjectVersions',
    method: 'GET',
    level: 'bucket',
    marks: ['versions'],
    query: ['prefix', 'delimiter', 'max-keys', 'key-marker', 'version-id-marker', 'encoding-type'],
    handle: listObjectVersions,
  },
  {
    name: 'ListMultipartUploads',
    method: 'GET',
    level: 'bucket',
    marks: ['uploads'],
    query: ['prefix', 'delimiter', 'max-uploads', 'key-marker', 'upload-id-marker', 'encoding-type'],
    handle: listMultipartUploads,
  },
  {
    name: 'DeleteObjects',
    method: 'POST',
    level: 'bucket',
    marks: ['delete'],
    headers: [...BODY, BYPASS],
    handle: deleteObjects,
  },
  {
    name: 'PutObject',
    method: 'PUT',
    level: 'object',
    headers: [...BODY, ...NEW_OBJECT, ...WRITE_CONDITIONS],
    handle: putObject,
  },
  {
    name: 'CopyObject',
    method: 'PUT',
    level: 'object',
    markHeader: 'x-amz-copy-source',
    headers: [
      ...COPY_SOURCE_HEADERS,
      ...NEW_OBJECT,
      ...WRITE_CONDITIONS,
      'x-amz-checksum-algorithm',
      'x-amz-metadata-directive',
    ],
    handle: copyObject,
  },
  {
    name: 'GetObject',
    method: 'GET',
    level: 'object',
    query: ['versionId', ...Object.keys(RESPONSE_OVERRIDES)],
    headers: ['x-amz-checksum-mode', ...CHECKSUMS, ...READ_CONDITIONS],
    handle: getObject,
  },
  {
    name: 'HeadObject',
    method: 'HEAD',
    level: 'object',
    query: ['versionId', ...Object.keys(RESPONSE_OVERRIDES)],
    headers: ['x-amz-checksum-mode', ...READ_CONDITIONS],
    handle: getObject,
  },
  {
    name: 'DeleteObject',
    method: 'DELETE',
    level: 'object',
    query: ['versionId'],
    headers: [BYPASS],
    handle: deleteObject,
  },
  {
    name: 'CreateMultipartUpload',
    method: 'POST',
    level: 'object',
    marks: ['uploads'],
    headers: [...NEW_OBJECT, 'x-amz-checksum-algorithm', 'x-amz-checksum-type'],
    handle: createMultipartUpload,
  },
  {
    name: 'UploadPart',
    method: 'PUT',
    level: 'object',
    marks: ['partNumber', 'uploadId'],
    headers: BODY,
    handle: uploadPart,
  },
  {
    name: 'UploadPartCopy',
    method: 'PUT',
    level: 'object',
    marks: ['partNumber', 'uploadId'],
    markHeader: 'x-amz-copy-source',
    headers: [...COPY_SOURCE_HEADERS, 'x-amz-copy-source-range'],
    handle: uploadPartCopy,
  },
  {
    name: 'ListParts',
    method: 'GET',
    level: 'object',
    marks: ['uploadId'],
    query: ['max-parts', 'part-number-marker'],
    handle: listParts,
  },
  {
    name: 'CompleteMultipartUpload',
    method: 'POST',
    level: 'object',
    marks: ['uploadId'],
    headers: [...BODY, ...WRITE_CONDITIONS, 'x-amz-checksum-type', 'x-amz-mp-object-size'],
    handle: completeMultipartUpload,
  },
  {
    name: 'AbortMultipartUpload',
    method: 'DELETE',
    level: 'object',
    marks: ['uploadId'],
    handle: abortMultipartUpload,
  },
  {
    name: 'GetObjectRetention',
    method: 'GET',
    level: 'object',
    marks: ['retention'],
    query: ['versionId'],
    handle: getObjectRetention,
  },
  {
    name: 'PutObjectRetention',
    method: 'PUT',
    level: 'object',
    marks: ['retention'],
    query: ['versionId'],
    headers: [...BODY, BYPASS],
    handle: putObjectRetention,
  },
  {
    name: 'GetObjectLegalHold',
    method: 'GET',
    level: 'object',
    marks: ['legal-hold'],
    query: ['versionId'],
    handle: getObjectLegalHold,
  },
  {
    name: 'PutObjectLegalHold',
    method: 'PUT',
    level: 'object',
    marks: ['legal-hold'],
    query: ['versionId'],
    headers: BODY,
    handle: putObjectLegalHold,
  },
];

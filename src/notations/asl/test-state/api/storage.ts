/** What Amazon DynamoDB, S3 and Athena answer (their API references), in the notation of `shapes.ts`. */
export const storage: Readonly<Record<string, string>> = {
  // Amazon DynamoDB.
  dynamodb: `
getItem = GetItemOutput
putItem = PutItemOutput
updateItem = UpdateItemOutput
deleteItem = DeleteItemOutput
query = QueryOutput
scan = ScanOutput
batchGetItem = BatchGetItemOutput
batchWriteItem = BatchWriteItemOutput
transactGetItems = TransactGetItemsOutput
transactWriteItems = TransactWriteItemsOutput
GetItemOutput: Item:{AttributeValue} ConsumedCapacity:ConsumedCapacity
AttributeValue: S N B SS:[string] NS:[string] BS:[string] M:{AttributeValue} L:[AttributeValue] NULL:boolean
  BOOL:boolean
ConsumedCapacity: TableName:string(1..1024) CapacityUnits:number ReadCapacityUnits:number
  WriteCapacityUnits:number Table:Capacity LocalSecondaryIndexes:{Capacity}
  GlobalSecondaryIndexes:{Capacity}
Capacity: ReadCapacityUnits:number WriteCapacityUnits:number CapacityUnits:number
PutItemOutput: Attributes:{AttributeValue} ConsumedCapacity:ConsumedCapacity
  ItemCollectionMetrics:ItemCollectionMetrics
ItemCollectionMetrics: ItemCollectionKey:{AttributeValue} SizeEstimateRangeGB:[number]
UpdateItemOutput: Attributes:{AttributeValue} ConsumedCapacity:ConsumedCapacity
  ItemCollectionMetrics:ItemCollectionMetrics
DeleteItemOutput: Attributes:{AttributeValue} ConsumedCapacity:ConsumedCapacity
  ItemCollectionMetrics:ItemCollectionMetrics
QueryOutput: Items:[{AttributeValue}] Count:number ScannedCount:number LastEvaluatedKey:{AttributeValue}
  ConsumedCapacity:ConsumedCapacity
ScanOutput: Items:[{AttributeValue}] Count:number ScannedCount:number LastEvaluatedKey:{AttributeValue}
  ConsumedCapacity:ConsumedCapacity
BatchGetItemOutput: Responses:{[{AttributeValue}]} UnprocessedKeys:{KeysAndAttributes}
  ConsumedCapacity:[ConsumedCapacity]
KeysAndAttributes: Keys!:[{AttributeValue}](1..100) AttributesToGet:[string(..65535)](1..)
  ConsistentRead:boolean ProjectionExpression ExpressionAttributeNames:{string(..65535)}
BatchWriteItemOutput: UnprocessedItems:{[WriteRequest](1..25)}
  ItemCollectionMetrics:{[ItemCollectionMetrics]} ConsumedCapacity:[ConsumedCapacity]
WriteRequest: PutRequest:PutRequest DeleteRequest:DeleteRequest
PutRequest: Item!:{AttributeValue}
DeleteRequest: Key!:{AttributeValue}
TransactGetItemsOutput: ConsumedCapacity:[ConsumedCapacity] Responses:[ItemResponse](1..100)
ItemResponse: Item:{AttributeValue}
TransactWriteItemsOutput: ConsumedCapacity:[ConsumedCapacity]
  ItemCollectionMetrics:{[ItemCollectionMetrics]}
`,
  // Amazon S3.
  s3: `
getObject = GetObjectOutput
putObject = PutObjectOutput
headObject = HeadObjectOutput
copyObject = CopyObjectOutput
deleteObject = DeleteObjectOutput
deleteObjects = DeleteObjectsOutput
listObjectsV2 = ListObjectsV2Output
listBuckets = ListBucketsOutput
createBucket = CreateBucketOutput
GetObjectOutput: Body DeleteMarker:boolean AcceptRanges Expiration Restore LastModified ContentLength:number
  ETag ChecksumCRC32 ChecksumCRC32C ChecksumCRC64NVME ChecksumSHA1 ChecksumSHA256 ChecksumSHA512 ChecksumMD5
  ChecksumXXHASH64 ChecksumXXHASH3 ChecksumXXHASH128 ChecksumType:COMPOSITE|FULL_OBJECT MissingMeta:number
  VersionId CacheControl ContentDisposition ContentEncoding ContentLanguage ContentRange ContentType Expires
  WebsiteRedirectLocation ServerSideEncryption:AES256|aws:fsx|aws:kms|aws:kms:dsse Metadata:{string}
  SSECustomerAlgorithm SSECustomerKeyMD5 SSEKMSKeyId BucketKeyEnabled:boolean
  StorageClass:STANDARD|REDUCED_REDUNDANCY|STANDARD_IA|ONEZONE_IA|INTELLIGENT_TIERING|GLACIER|DEEP_ARCHIVE|OUTPOSTS|GLACIER_IR|SNOW|EXPRESS_ONEZONE|FSX_OPENZFS|FSX_ONTAP
  RequestCharged:|requester ReplicationStatus:COMPLETE|PENDING|FAILED|REPLICA|COMPLETED PartsCount:number
  TagCount:number ObjectLockMode:GOVERNANCE|COMPLIANCE ObjectLockRetainUntilDate
  ObjectLockLegalHoldStatus:ON|OFF
PutObjectOutput: Expiration ETag ChecksumCRC32 ChecksumCRC32C ChecksumCRC64NVME ChecksumSHA1 ChecksumSHA256
  ChecksumSHA512 ChecksumMD5 ChecksumXXHASH64 ChecksumXXHASH3 ChecksumXXHASH128
  ChecksumType:COMPOSITE|FULL_OBJECT ServerSideEncryption:AES256|aws:fsx|aws:kms|aws:kms:dsse VersionId
  SSECustomerAlgorithm SSECustomerKeyMD5 SSEKMSKeyId SSEKMSEncryptionContext BucketKeyEnabled:boolean
  Size:number RequestCharged:|requester
HeadObjectOutput: DeleteMarker:boolean AcceptRanges Expiration Restore
  ArchiveStatus:ARCHIVE_ACCESS|DEEP_ARCHIVE_ACCESS LastModified ContentLength:number ChecksumCRC32
  ChecksumCRC32C ChecksumCRC64NVME ChecksumSHA1 ChecksumSHA256 ChecksumSHA512 ChecksumMD5 ChecksumXXHASH64
  ChecksumXXHASH3 ChecksumXXHASH128 ChecksumType:COMPOSITE|FULL_OBJECT ETag MissingMeta:number VersionId
  CacheControl ContentDisposition ContentEncoding ContentLanguage ContentType ContentRange Expires
  WebsiteRedirectLocation ServerSideEncryption:AES256|aws:fsx|aws:kms|aws:kms:dsse Metadata:{string}
  SSECustomerAlgorithm SSECustomerKeyMD5 SSEKMSKeyId BucketKeyEnabled:boolean
  StorageClass:STANDARD|REDUCED_REDUNDANCY|STANDARD_IA|ONEZONE_IA|INTELLIGENT_TIERING|GLACIER|DEEP_ARCHIVE|OUTPOSTS|GLACIER_IR|SNOW|EXPRESS_ONEZONE|FSX_OPENZFS|FSX_ONTAP
  RequestCharged:|requester ReplicationStatus:COMPLETE|PENDING|FAILED|REPLICA|COMPLETED PartsCount:number
  TagCount:number ObjectLockMode:GOVERNANCE|COMPLIANCE ObjectLockRetainUntilDate
  ObjectLockLegalHoldStatus:ON|OFF
CopyObjectOutput: CopyObjectResult:CopyObjectResult Expiration CopySourceVersionId VersionId
  ServerSideEncryption:AES256|aws:fsx|aws:kms|aws:kms:dsse SSECustomerAlgorithm SSECustomerKeyMD5
  SSEKMSKeyId SSEKMSEncryptionContext BucketKeyEnabled:boolean RequestCharged:|requester
CopyObjectResult: ETag LastModified ChecksumType:COMPOSITE|FULL_OBJECT ChecksumCRC32 ChecksumCRC32C
  ChecksumCRC64NVME ChecksumSHA1 ChecksumSHA256 ChecksumSHA512 ChecksumMD5 ChecksumXXHASH64 ChecksumXXHASH3
  ChecksumXXHASH128
DeleteObjectOutput: DeleteMarker:boolean VersionId RequestCharged:|requester
DeleteObjectsOutput: Deleted:[DeletedObject] RequestCharged:|requester Errors:[Error]
DeletedObject: Key:string(1..) VersionId DeleteMarker:boolean DeleteMarkerVersionId
Error: Key:string(1..) VersionId Code Message
ListObjectsV2Output: IsTruncated:boolean Contents:[Object] Name Prefix Delimiter MaxKeys:number
  CommonPrefixes:[CommonPrefix] EncodingType:|url KeyCount:number ContinuationToken NextContinuationToken
  StartAfter RequestCharged:|requester
Object: Key:string(1..) LastModified ETag
  ChecksumAlgorithm:[CRC32|CRC32C|SHA1|SHA256|CRC64NVME|SHA512|MD5|XXHASH64|XXHASH3|XXHASH128]
  ChecksumType:COMPOSITE|FULL_OBJECT Size:number
  StorageClass:STANDARD|REDUCED_REDUNDANCY|GLACIER|STANDARD_IA|ONEZONE_IA|INTELLIGENT_TIERING|DEEP_ARCHIVE|OUTPOSTS|GLACIER_IR|SNOW|EXPRESS_ONEZONE|FSX_OPENZFS|FSX_ONTAP
  Owner:Owner RestoreStatus:RestoreStatus
Owner: DisplayName ID
RestoreStatus: IsRestoreInProgress:boolean RestoreExpiryDate
CommonPrefix: Prefix
ListBucketsOutput: Buckets:[Bucket] Owner:Owner ContinuationToken Prefix
Bucket: Name CreationDate BucketRegion BucketArn:string(1..128)
CreateBucketOutput: Location BucketArn:string(1..128)
`,
  // Amazon Athena.
  athena: `
startQueryExecution = StartQueryExecutionOutput
getQueryExecution = GetQueryExecutionOutput
getQueryResults = GetQueryResultsOutput
StartQueryExecutionOutput: QueryExecutionId:string(1..128)
GetQueryExecutionOutput: QueryExecution:QueryExecution
QueryExecution: QueryExecutionId:string(1..128) Query:string(1..262144) StatementType:DDL|DML|UTILITY
  ManagedQueryResultsConfiguration:ManagedQueryResultsConfiguration ResultConfiguration:ResultConfiguration
  ResultReuseConfiguration:ResultReuseConfiguration QueryExecutionContext:QueryExecutionContext
  Status:QueryExecutionStatus Statistics:QueryExecutionStatistics WorkGroup EngineVersion:EngineVersion
  ExecutionParameters:[string(1..1024)](1..) SubstatementType
  QueryResultsS3AccessGrantsConfiguration:QueryResultsS3AccessGrantsConfiguration
ManagedQueryResultsConfiguration: Enabled!:boolean
  EncryptionConfiguration:ManagedQueryResultsEncryptionConfiguration
ManagedQueryResultsEncryptionConfiguration: KmsKey!:string(1..2048)
ResultConfiguration: OutputLocation EncryptionConfiguration:EncryptionConfiguration
  ExpectedBucketOwner:string(12..12) AclConfiguration:AclConfiguration
EncryptionConfiguration: EncryptionOption!:SSE_S3|SSE_KMS|CSE_KMS KmsKey
AclConfiguration: S3AclOption!:|BUCKET_OWNER_FULL_CONTROL
ResultReuseConfiguration: ResultReuseByAgeConfiguration:ResultReuseByAgeConfiguration
ResultReuseByAgeConfiguration: Enabled!:boolean MaxAgeInMinutes:number(0..10080)
QueryExecutionContext: Database:string(1..255) Catalog:string(1..256)
QueryExecutionStatus: State:QUEUED|RUNNING|SUCCEEDED|FAILED|CANCELLED StateChangeReason SubmissionDateTime
  CompletionDateTime AthenaError:AthenaError
AthenaError: ErrorCategory:number(1..3) ErrorType:number(0..9999) Retryable:boolean ErrorMessage
QueryExecutionStatistics: EngineExecutionTimeInMillis:number DataScannedInBytes:number DataManifestLocation
  TotalExecutionTimeInMillis:number QueryQueueTimeInMillis:number ServicePreProcessingTimeInMillis:number
  QueryPlanningTimeInMillis:number ServiceProcessingTimeInMillis:number
  ResultReuseInformation:ResultReuseInformation DpuCount:number
ResultReuseInformation: ReusedPreviousResult!:boolean
EngineVersion: SelectedEngineVersion:string(1..128) EffectiveEngineVersion:string(1..128)
QueryResultsS3AccessGrantsConfiguration: EnableS3AccessGrants!:boolean CreateUserLevelPrefix:boolean
  AuthenticationType!:|DIRECTORY_IDENTITY
GetQueryResultsOutput: UpdateCount:number ResultSet:ResultSet NextToken:string(1..1024)
ResultSet: Rows:[Row] ResultSetMetadata:ResultSetMetadata
Row: Data:[Datum]
Datum: VarCharValue
ResultSetMetadata: ColumnInfo:[ColumnInfo]
ColumnInfo: CatalogName SchemaName TableName Name! Label Type! Precision:number Scale:number
  Nullable:NOT_NULL|NULLABLE|UNKNOWN CaseSensitive:boolean
`,
};

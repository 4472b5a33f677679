/** What services that carry messages and events answer (their API references), in the notation of `shapes.ts`. */
export const messages: Readonly<Record<string, string>> = {
  // Amazon EventBridge.
  events: `
putEvents = PutEventsResponse
putRule = PutRuleResponse
putTargets = PutTargetsResponse
PutEventsResponse: FailedEntryCount:number Entries:[PutEventsResultEntry]
PutEventsResultEntry: EventId:string(..64) ErrorCode ErrorMessage
PutRuleResponse: RuleArn:string(1..1600)
PutTargetsResponse: FailedEntryCount:number FailedEntries:[PutTargetsResultEntry]
PutTargetsResultEntry: TargetId:string(1..64) ErrorCode ErrorMessage
`,
  // Amazon EventBridge Scheduler.
  scheduler: `
createSchedule = CreateScheduleOutput
CreateScheduleOutput: ScheduleArn!:string(1..1224)
`,
  // Amazon SQS.
  sqs: `
sendMessage = SendMessageResult
sendMessageBatch = SendMessageBatchResult
receiveMessage = ReceiveMessageResult
getQueueUrl = GetQueueUrlResult
getQueueAttributes = GetQueueAttributesResult
SendMessageResult: MD5OfMessageBody MD5OfMessageAttributes MD5OfMessageSystemAttributes MessageId
  SequenceNumber
SendMessageBatchResult: Successful!:[SendMessageBatchResultEntry] Failed!:[BatchResultErrorEntry]
SendMessageBatchResultEntry: Id! MessageId! MD5OfMessageBody! MD5OfMessageAttributes
  MD5OfMessageSystemAttributes SequenceNumber
BatchResultErrorEntry: Id! SenderFault!:boolean Code! Message
ReceiveMessageResult: Messages:[Message]
Message: MessageId ReceiptHandle MD5OfBody Body Attributes:{string} MD5OfMessageAttributes
  MessageAttributes:{MessageAttributeValue}
MessageAttributeValue: StringValue BinaryValue StringListValues:[string] BinaryListValues:[string] DataType!
GetQueueUrlResult: QueueUrl
GetQueueAttributesResult: Attributes:{string}
`,
  // Amazon SNS.
  sns: `
publish = PublishResponse
publishBatch = PublishBatchResponse
PublishResponse: MessageId SequenceNumber
PublishBatchResponse: Successful:[PublishBatchResultEntry] Failed:[BatchResultErrorEntry]
PublishBatchResultEntry: Id MessageId SequenceNumber
BatchResultErrorEntry: Id! Code! Message SenderFault!:boolean
`,
  // Amazon Kinesis.
  kinesis: `
putRecord = PutRecordOutput
putRecords = PutRecordsOutput
PutRecordOutput: ShardId!:string(1..128) SequenceNumber! EncryptionType:NONE|KMS
PutRecordsOutput: FailedRecordCount:number(1..) Records!:[PutRecordsResultEntry](1..500)
  EncryptionType:NONE|KMS
PutRecordsResultEntry: SequenceNumber ShardId:string(1..128) ErrorCode ErrorMessage
`,
  // Amazon Data Firehose.
  firehose: `
putRecord = PutRecordOutput
putRecordBatch = PutRecordBatchOutput
PutRecordOutput: RecordId!:string(1..) Encrypted:boolean
PutRecordBatchOutput: FailedPutCount!:number(0..) Encrypted:boolean
  RequestResponses!:[PutRecordBatchResponseEntry](1..500)
PutRecordBatchResponseEntry: RecordId:string(1..) ErrorCode ErrorMessage
`,
  // Amazon SES.
  sesv2: `
sendEmail = SendEmailResponse
SendEmailResponse: MessageId
`,
  // Amazon CloudWatch Logs.
  cloudwatchlogs: `
putLogEvents = PutLogEventsResponse
filterLogEvents = FilterLogEventsResponse
startQuery = StartQueryResponse
getQueryResults = GetQueryResultsResponse
PutLogEventsResponse: NextSequenceToken:string(1..) RejectedLogEventsInfo:RejectedLogEventsInfo
  RejectedEntityInfo:RejectedEntityInfo
RejectedLogEventsInfo: TooNewLogEventStartIndex:number TooOldLogEventEndIndex:number
  ExpiredLogEventEndIndex:number
RejectedEntityInfo:
  ErrorType!:InvalidEntity|InvalidTypeValue|InvalidKeyAttributes|InvalidAttributes|EntitySizeTooLarge|UnsupportedLogGroupType|MissingRequiredFields
FilterLogEventsResponse: Events:[FilteredLogEvent] SearchedLogStreams:[SearchedLogStream]
  NextToken:string(1..)
FilteredLogEvent: LogStreamName:string(1..512) Timestamp:number(0..) Message:string(1..)
  IngestionTime:number(0..) EventId
SearchedLogStream: LogStreamName:string(1..512) SearchedCompletely:boolean
StartQueryResponse: QueryId:string(1..256)
GetQueryResultsResponse: QueryLanguage:CWLI|SQL|PPL Results:[[ResultField]] Statistics:QueryStatistics
  Status:Scheduled|Running|Complete|Failed|Cancelled|Timeout|Unknown EncryptionKey:string(..256)
  NextToken:string(..1024)
ResultField: Field Value
QueryStatistics: RecordsMatched:number RecordsScanned:number EstimatedRecordsSkipped:number
  BytesScanned:number EstimatedBytesSkipped:number LogGroupsScanned:number
`,
};

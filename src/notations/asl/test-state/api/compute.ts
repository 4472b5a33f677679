/** What AWS Lambda, Step Functions, ECS, Batch, Glue, EMR and SageMaker answer (their API references), in the notation of `shapes.ts`. */
export const compute: Readonly<Record<string, string>> = {
  // AWS Lambda.
  lambda: `
invoke = InvocationResponse
getFunction = GetFunctionResponse
getFunctionConfiguration = FunctionConfiguration
listFunctions = ListFunctionsResponse
publishVersion = FunctionConfiguration
updateFunctionCode = FunctionConfiguration
updateFunctionConfiguration = FunctionConfiguration
InvocationResponse: StatusCode:number FunctionError LogResult Payload:any ExecutedVersion:string(1..1024)
  DurableExecutionArn:string(1..1024)
GetFunctionResponse: Configuration:FunctionConfiguration Code:FunctionCodeLocation Tags:{string}
  TagsError:TagsError Concurrency:Concurrency
FunctionConfiguration: FunctionName:string(1..256) FunctionArn:string(..10000)
  Runtime:nodejs|nodejs4.3|nodejs6.10|nodejs8.10|nodejs10.x|nodejs12.x|nodejs14.x|nodejs16.x|java8|java8.al2|java11|python2.7|python3.6|python3.7|python3.8|python3.9|dotnetcore1.0|dotnetcore2.0|dotnetcore2.1|dotnetcore3.1|dotnet6|dotnet8|nodejs4.3-edge|go1.x|ruby2.5|ruby2.7|provided|provided.al2|nodejs18.x|python3.10|java17|ruby3.2|ruby3.3|ruby3.4|python3.11|nodejs20.x|provided.al2023|python3.12|java21|python3.13|nodejs22.x|nodejs24.x|python3.14|java25|dotnet10|ruby4.0
  Role Handler:string(..128) CodeSize:number Description:string(..256) Timeout:number(1..)
  MemorySize:number(128..32768) LastModified CodeSha256 Version:string(1..1024) VpcConfig:VpcConfigResponse
  DeadLetterConfig:DeadLetterConfig Environment:EnvironmentResponse KMSKeyArn
  TracingConfig:TracingConfigResponse MasterArn:string(..10000) RevisionId Layers:[Layer]
  State:Pending|Active|Inactive|Failed|Deactivating|Deactivated|ActiveNonInvocable|Deleting StateReason
  StateReasonCode:Idle|Creating|Restoring|EniLimitExceeded|InsufficientRolePermissions|InvalidConfiguration|InternalError|SubnetOutOfIPAddresses|InvalidSubnet|InvalidSecurityGroup|ImageDeleted|ImageAccessDenied|InvalidImage|KMSKeyAccessDenied|KMSKeyNotFound|InvalidStateKMSKey|DisabledKMSKey|EFSIOError|EFSMountConnectivityError|EFSMountFailure|EFSMountTimeout|InvalidRuntime|InvalidZipFileException|FunctionError|DrainingDurableExecutions|VcpuLimitExceeded|CapacityProviderScalingLimitExceeded|InsufficientCapacity|EC2RequestLimitExceeded|FunctionError.InitTimeout|FunctionError.RuntimeInitError|FunctionError.ExtensionInitError|FunctionError.InvalidEntryPoint|FunctionError.InvalidWorkingDirectory|FunctionError.PermissionDenied|FunctionError.TooManyExtensions|FunctionError.InitResourceExhausted|DisallowedByVpcEncryptionControl
  LastUpdateStatus:Successful|Failed|InProgress LastUpdateStatusReason
  LastUpdateStatusReasonCode:EniLimitExceeded|InsufficientRolePermissions|InvalidConfiguration|InternalError|SubnetOutOfIPAddresses|InvalidSubnet|InvalidSecurityGroup|ImageDeleted|ImageAccessDenied|InvalidImage|KMSKeyAccessDenied|KMSKeyNotFound|InvalidStateKMSKey|DisabledKMSKey|EFSIOError|EFSMountConnectivityError|EFSMountFailure|EFSMountTimeout|InvalidRuntime|InvalidZipFileException|FunctionError|VcpuLimitExceeded|CapacityProviderScalingLimitExceeded|InsufficientCapacity|EC2RequestLimitExceeded|FunctionError.InitTimeout|FunctionError.RuntimeInitError|FunctionError.ExtensionInitError|FunctionError.InvalidEntryPoint|FunctionError.InvalidWorkingDirectory|FunctionError.PermissionDenied|FunctionError.TooManyExtensions|FunctionError.InitResourceExhausted|DisallowedByVpcEncryptionControl
  FileSystemConfigs:[FileSystemConfig](0..1) PackageType:Zip|Image ImageConfigResponse:ImageConfigResponse
  SigningProfileVersionArn SigningJobArn Architectures:[x86_64|arm64](1..1)
  EphemeralStorage:EphemeralStorage SnapStart:SnapStartResponse RuntimeVersionConfig:RuntimeVersionConfig
  LoggingConfig:LoggingConfig CapacityProviderConfig:CapacityProviderConfig ConfigSha256
  DurableConfig:DurableConfig TenancyConfig:TenancyConfig
VpcConfigResponse: SubnetIds:[string](0..16) SecurityGroupIds:[string](0..5) VpcId
  Ipv6AllowedForDualStack:boolean
DeadLetterConfig: TargetArn
EnvironmentResponse: Variables:{string} Error:EnvironmentError
EnvironmentError: ErrorCode Message
TracingConfigResponse: Mode:Active|PassThrough
Layer: Arn:string(1..140) CodeSize:number SigningProfileVersionArn SigningJobArn
FileSystemConfig: Arn!:string(..256) LocalMountPath!:string(..160)
ImageConfigResponse: ImageConfig:ImageConfig Error:ImageConfigError
ImageConfig: EntryPoint:[string](0..1500) Command:[string](0..1500) WorkingDirectory:string(..1000)
ImageConfigError: ErrorCode Message
EphemeralStorage: Size!:number(512..10240)
SnapStartResponse: ApplyOn:PublishedVersions|None OptimizationStatus:On|Off
RuntimeVersionConfig: RuntimeVersionArn:string(26..2048) Error:RuntimeVersionError
RuntimeVersionError: ErrorCode Message
LoggingConfig: LogFormat:JSON|Text ApplicationLogLevel:TRACE|DEBUG|INFO|WARN|ERROR|FATAL
  SystemLogLevel:DEBUG|INFO|WARN LogGroup:string(1..512)
CapacityProviderConfig:
  LambdaManagedInstancesCapacityProviderConfig!:LambdaManagedInstancesCapacityProviderConfig
LambdaManagedInstancesCapacityProviderConfig: CapacityProviderArn!:string(1..140)
  PerExecutionEnvironmentMaxConcurrency:number(1..1600)
  ExecutionEnvironmentMemoryGiBPerVCpu:number(2..8)
DurableConfig: RetentionPeriodInDays:number(1..90) ExecutionTimeout:number(1..31622400)
TenancyConfig: TenantIsolationMode!:|PER_TENANT
FunctionCodeLocation: RepositoryType Location ImageUri ResolvedImageUri SourceKMSKeyArn
TagsError: ErrorCode!:string(10..21) Message!:string(84..1000)
Concurrency: ReservedConcurrentExecutions:number(0..)
ListFunctionsResponse: NextMarker Functions:[FunctionConfiguration]
`,
  // AWS Step Functions.
  states: `
startExecution = StartExecutionOutput
startSyncExecution = StartSyncExecutionOutput
describeExecution = DescribeExecutionOutput
stopExecution = StopExecutionOutput
listExecutions = ListExecutionsOutput
describeStateMachine = DescribeStateMachineOutput
StartExecutionOutput: ExecutionArn!:string(1..256) StartDate!
StartSyncExecutionOutput: ExecutionArn!:string(1..256) StateMachineArn:string(1..256) Name:string(1..80)
  StartDate! StopDate! Status!:SUCCEEDED|FAILED|TIMED_OUT Error:string(..256) Cause:string(..32768)
  Input:string(..262144) InputDetails:CloudWatchEventsExecutionDataDetails Output:string(..262144)
  OutputDetails:CloudWatchEventsExecutionDataDetails TraceHeader:string(..256) BillingDetails:BillingDetails
CloudWatchEventsExecutionDataDetails: Included:boolean
BillingDetails: BilledMemoryUsedInMB:number(0..) BilledDurationInMilliseconds:number(0..)
DescribeExecutionOutput: ExecutionArn!:string(1..256) StateMachineArn!:string(1..256) Name:string(1..80)
  Status!:RUNNING|SUCCEEDED|FAILED|TIMED_OUT|ABORTED|PENDING_REDRIVE StartDate! StopDate
  Input:string(..262144) InputDetails:CloudWatchEventsExecutionDataDetails Output:string(..262144)
  OutputDetails:CloudWatchEventsExecutionDataDetails TraceHeader:string(..256) MapRunArn:string(1..2000)
  Error:string(..256) Cause:string(..32768) StateMachineVersionArn:string(1..256)
  StateMachineAliasArn:string(1..256) RedriveCount:number RedriveDate
  RedriveStatus:REDRIVABLE|NOT_REDRIVABLE|REDRIVABLE_BY_MAP_RUN RedriveStatusReason:string(..262144)
StopExecutionOutput: StopDate!
ListExecutionsOutput: Executions!:[ExecutionListItem] NextToken:string(1..3096)
ExecutionListItem: ExecutionArn!:string(1..256) StateMachineArn!:string(1..256) Name!:string(1..80)
  Status!:RUNNING|SUCCEEDED|FAILED|TIMED_OUT|ABORTED|PENDING_REDRIVE StartDate! StopDate
  MapRunArn:string(1..2000) ItemCount:number(0..) StateMachineVersionArn:string(1..256)
  StateMachineAliasArn:string(1..256) RedriveCount:number RedriveDate
DescribeStateMachineOutput: StateMachineArn!:string(1..256) Name!:string(1..80) Status:ACTIVE|DELETING
  Definition!:string(1..1048576) RoleArn!:string(1..256) Type!:STANDARD|EXPRESS CreationDate!
  LoggingConfiguration:LoggingConfiguration TracingConfiguration:TracingConfiguration Label RevisionId
  Description:string(..256) EncryptionConfiguration:EncryptionConfiguration VariableReferences:{[string]}
LoggingConfiguration: Level:ALL|ERROR|FATAL|OFF IncludeExecutionData:boolean Destinations:[LogDestination]
LogDestination: CloudWatchLogsLogGroup:CloudWatchLogsLogGroup
CloudWatchLogsLogGroup: LogGroupArn:string(1..256)
TracingConfiguration: Enabled:boolean
EncryptionConfiguration: KmsKeyId:string(1..2048) KmsDataKeyReusePeriodSeconds:number(60..900)
  Type!:AWS_OWNED_KEY|CUSTOMER_MANAGED_KMS_KEY
`,
  // Amazon ECS.
  ecs: `
runTask = RunTaskResponse
stopTask = StopTaskResponse
RunTaskResponse: Tasks:[Task] Failures:[Failure]
Task: Attachments:[Attachment] Attributes:[Attribute] AvailabilityZone CapacityProviderName ClusterArn
  Connectivity:CONNECTED|DISCONNECTED ConnectivityAt ContainerInstanceArn Containers:[Container] Cpu
  CreatedAt DesiredStatus EnableExecuteCommand:boolean ExecutionStoppedAt Group
  HealthStatus:HEALTHY|UNHEALTHY|UNKNOWN InferenceAccelerators:[InferenceAccelerator] LastStatus
  LaunchType:EC2|FARGATE|EXTERNAL|MANAGED_INSTANCES Memory Overrides:TaskOverride PlatformVersion
  PlatformFamily PullStartedAt PullStoppedAt StartedAt StartedBy
  StopCode:TaskFailedToStart|EssentialContainerExited|UserInitiated|ServiceSchedulerInitiated|SpotInterruption|TerminationNotice
  StoppedAt StoppedReason StoppingAt Tags:[Tag](0..50) TaskArn TaskDefinitionArn Version:number
  EphemeralStorage:EphemeralStorage FargateEphemeralStorage:TaskEphemeralStorage
Attachment: Id Type Status Details:[KeyValuePair]
KeyValuePair: Name Value
Attribute: Name! Value TargetType:|container-instance TargetId
Container: ContainerArn TaskArn Name Image ImageDigest RuntimeId LastStatus ExitCode:number Reason
  NetworkBindings:[NetworkBinding] NetworkInterfaces:[NetworkInterface]
  HealthStatus:HEALTHY|UNHEALTHY|UNKNOWN ManagedAgents:[ManagedAgent] Cpu Memory MemoryReservation
  GpuIds:[string]
NetworkBinding: BindIP ContainerPort:number HostPort:number Protocol:tcp|udp ContainerPortRange
  HostPortRange
NetworkInterface: AttachmentId PrivateIpv4Address Ipv6Address
ManagedAgent: LastStartedAt Name:|ExecuteCommandAgent Reason LastStatus
InferenceAccelerator: DeviceName! DeviceType!
TaskOverride: ContainerOverrides:[ContainerOverride] Cpu
  InferenceAcceleratorOverrides:[InferenceAcceleratorOverride] ExecutionRoleArn Memory TaskRoleArn
  EphemeralStorage:EphemeralStorage
ContainerOverride: Name Command:[string] Environment:[KeyValuePair] EnvironmentFiles:[EnvironmentFile]
  Cpu:number Memory:number MemoryReservation:number ResourceRequirements:[ResourceRequirement]
EnvironmentFile: Value! Type!:|s3
ResourceRequirement: Value! Type!:GPU|InferenceAccelerator
InferenceAcceleratorOverride: DeviceName DeviceType
EphemeralStorage: SizeInGiB!:number
Tag: Key:string(1..128) Value:string(..256)
TaskEphemeralStorage: SizeInGiB:number KmsKeyId
Failure: Arn Reason Detail
StopTaskResponse: Task:Task
`,
  // AWS Batch.
  batch: `
submitJob = SubmitJobResponse
SubmitJobResponse: JobArn JobName! JobId!
`,
  // AWS Glue.
  glue: `
startJobRun = StartJobRunResponse
getJobRun = GetJobRunResponse
StartJobRunResponse: JobRunId:string(1..255)
GetJobRunResponse: JobRun:JobRun
JobRun: Id:string(1..255) Attempt:number PreviousRunId:string(1..255) TriggerName:string(1..255)
  JobName:string(1..255) JobMode:SCRIPT|VISUAL|NOTEBOOK JobRunQueuingEnabled:boolean StartedOn
  LastModifiedOn CompletedOn
  JobRunState:STARTING|RUNNING|STOPPING|STOPPED|SUCCEEDED|FAILED|TIMEOUT|ERROR|WAITING|EXPIRED
  Arguments:{string} ErrorMessage PredecessorRuns:[Predecessor] AllocatedCapacity:number
  ExecutionTime:number Timeout:number(1..) MaxCapacity:number
  WorkerType:Standard|G.1X|G.2X|G.025X|G.4X|G.8X|Z.2X NumberOfWorkers:number
  SecurityConfiguration:string(1..255) LogGroupName NotificationProperty:NotificationProperty
  GlueVersion:string(1..255) DPUSeconds:number ExecutionClass:FLEX|STANDARD MaintenanceWindow
  ProfileName:string(1..255) StateDetail:string(..400000) ExecutionRoleSessionPolicy:string(2..2048)
Predecessor: JobName:string(1..255) RunId:string(1..255)
NotificationProperty: NotifyDelayAfter:number(1..)
`,
  // Amazon EMR.
  elasticmapreduce: `
runJobFlow = RunJobFlowOutput
addJobFlowSteps = AddJobFlowStepsOutput
RunJobFlowOutput: JobFlowId:string(..256) ClusterArn:string(20..2048)
AddJobFlowStepsOutput: StepIds:[string(..256)]
`,
  // Amazon SageMaker.
  sagemaker: `
createTrainingJob = CreateTrainingJobResponse
createTransformJob = CreateTransformJobResponse
createProcessingJob = CreateProcessingJobResponse
createModel = CreateModelOutput
createEndpoint = CreateEndpointOutput
createEndpointConfig = CreateEndpointConfigOutput
CreateTrainingJobResponse: TrainingJobArn!:string(..256)
CreateTransformJobResponse: TransformJobArn!:string(..256)
CreateProcessingJobResponse: ProcessingJobArn!:string(..256)
CreateModelOutput: ModelArn!:string(20..2048)
CreateEndpointOutput: EndpointArn!:string(20..2048)
CreateEndpointConfigOutput: EndpointConfigArn!:string(20..2048)
`,
};

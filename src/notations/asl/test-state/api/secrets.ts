/** What services that keep keys, secrets and identities answer (their API references), in the notation of `shapes.ts`. */
export const secrets: Readonly<Record<string, string>> = {
  // AWS KMS.
  kms: `
encrypt = EncryptResponse
decrypt = DecryptResponse
generateDataKey = GenerateDataKeyResponse
generateMac = GenerateMacResponse
sign = SignResponse
verify = VerifyResponse
describeKey = DescribeKeyResponse
EncryptResponse: CiphertextBlob:string(1..6144) KeyId:string(1..2048)
  EncryptionAlgorithm:SYMMETRIC_DEFAULT|RSAES_OAEP_SHA_1|RSAES_OAEP_SHA_256|SM2PKE
DecryptResponse: KeyId:string(1..2048) Plaintext:string(1..4096)
  EncryptionAlgorithm:SYMMETRIC_DEFAULT|RSAES_OAEP_SHA_1|RSAES_OAEP_SHA_256|SM2PKE
  CiphertextForRecipient:string(1..6144) KeyMaterialId:string(64..64)
GenerateDataKeyResponse: CiphertextBlob:string(1..6144) Plaintext:string(1..4096) KeyId:string(1..2048)
  CiphertextForRecipient:string(1..6144) KeyMaterialId:string(64..64)
GenerateMacResponse: Mac:string(1..6144) MacAlgorithm:HMAC_SHA_224|HMAC_SHA_256|HMAC_SHA_384|HMAC_SHA_512
  KeyId:string(1..2048)
SignResponse: KeyId:string(1..2048) Signature:string(1..6144)
  SigningAlgorithm:RSASSA_PSS_SHA_256|RSASSA_PSS_SHA_384|RSASSA_PSS_SHA_512|RSASSA_PKCS1_V1_5_SHA_256|RSASSA_PKCS1_V1_5_SHA_384|RSASSA_PKCS1_V1_5_SHA_512|ECDSA_SHA_256|ECDSA_SHA_384|ECDSA_SHA_512|SM2DSA|ML_DSA_SHAKE_256|ED25519_SHA_512|ED25519_PH_SHA_512
VerifyResponse: KeyId:string(1..2048) SignatureValid:boolean
  SigningAlgorithm:RSASSA_PSS_SHA_256|RSASSA_PSS_SHA_384|RSASSA_PSS_SHA_512|RSASSA_PKCS1_V1_5_SHA_256|RSASSA_PKCS1_V1_5_SHA_384|RSASSA_PKCS1_V1_5_SHA_512|ECDSA_SHA_256|ECDSA_SHA_384|ECDSA_SHA_512|SM2DSA|ML_DSA_SHAKE_256|ED25519_SHA_512|ED25519_PH_SHA_512
DescribeKeyResponse: KeyMetadata:KeyMetadata
KeyMetadata: AWSAccountId KeyId!:string(1..2048) Arn:string(20..2048) CreationDate Enabled:boolean
  Description:string(..8192) KeyUsage:SIGN_VERIFY|ENCRYPT_DECRYPT|GENERATE_VERIFY_MAC|KEY_AGREEMENT
  KeyState:Creating|Enabled|Disabled|PendingDeletion|PendingImport|PendingReplicaDeletion|Unavailable|Updating
  DeletionDate ValidTo Origin:AWS_KMS|EXTERNAL|AWS_CLOUDHSM|EXTERNAL_KEY_STORE
  CustomKeyStoreId:string(1..64) CloudHsmClusterId:string(19..24)
  ExpirationModel:KEY_MATERIAL_EXPIRES|KEY_MATERIAL_DOES_NOT_EXPIRE KeyManager:AWS|CUSTOMER
  CustomerMasterKeySpec:RSA_2048|RSA_3072|RSA_4096|ECC_NIST_P256|ECC_NIST_P384|ECC_NIST_P521|ECC_SECG_P256K1|SYMMETRIC_DEFAULT|HMAC_224|HMAC_256|HMAC_384|HMAC_512|SM2
  KeySpec:RSA_2048|RSA_3072|RSA_4096|ECC_NIST_P256|ECC_NIST_P384|ECC_NIST_P521|ECC_SECG_P256K1|SYMMETRIC_DEFAULT|HMAC_224|HMAC_256|HMAC_384|HMAC_512|SM2|ML_DSA_44|ML_DSA_65|ML_DSA_87|ECC_NIST_EDWARDS25519
  EncryptionAlgorithms:[SYMMETRIC_DEFAULT|RSAES_OAEP_SHA_1|RSAES_OAEP_SHA_256|SM2PKE]
  SigningAlgorithms:[RSASSA_PSS_SHA_256|RSASSA_PSS_SHA_384|RSASSA_PSS_SHA_512|RSASSA_PKCS1_V1_5_SHA_256|RSASSA_PKCS1_V1_5_SHA_384|RSASSA_PKCS1_V1_5_SHA_512|ECDSA_SHA_256|ECDSA_SHA_384|ECDSA_SHA_512|SM2DSA|ML_DSA_SHAKE_256|ED25519_SHA_512|ED25519_PH_SHA_512]
  KeyAgreementAlgorithms:[|ECDH] MultiRegion:boolean MultiRegionConfiguration:MultiRegionConfiguration
  PendingDeletionWindowInDays:number(1..365)
  MacAlgorithms:[HMAC_SHA_224|HMAC_SHA_256|HMAC_SHA_384|HMAC_SHA_512]
  XksKeyConfiguration:XksKeyConfigurationType CurrentKeyMaterialId:string(64..64)
MultiRegionConfiguration: MultiRegionKeyType:PRIMARY|REPLICA PrimaryKey:MultiRegionKey
  ReplicaKeys:[MultiRegionKey]
MultiRegionKey: Arn:string(20..2048) Region:string(1..32)
XksKeyConfigurationType: Id:string(1..128)
`,
  // AWS Secrets Manager.
  secretsmanager: `
getSecretValue = GetSecretValueResponse
putSecretValue = PutSecretValueResponse
createSecret = CreateSecretResponse
describeSecret = DescribeSecretResponse
GetSecretValueResponse: ARN:string(20..2048) Name:string(1..256) VersionId:string(32..64)
  SecretBinary:string(1..65536) SecretString:string(1..65536) VersionStages:[string(1..256)](1..20)
  CreatedDate
PutSecretValueResponse: ARN:string(20..2048) Name:string(1..256) VersionId:string(32..64)
  VersionStages:[string(1..256)](1..20)
CreateSecretResponse: ARN:string(20..2048) Name:string(1..256) VersionId:string(32..64)
  ReplicationStatus:[ReplicationStatusType]
ReplicationStatusType: Region:string(1..128) KmsKeyId:string(..2048) Status:InSync|Failed|InProgress
  StatusMessage:string(1..4096) LastAccessedDate
DescribeSecretResponse: ARN:string(20..2048) Name:string(1..256) Type:string(..256)
  Description:string(..2048) KmsKeyId:string(..2048) RotationEnabled:boolean
  RotationLambdaARN:string(..2048) RotationRules:RotationRulesType
  ExternalSecretRotationMetadata:[ExternalSecretRotationMetadataItem]
  ExternalSecretRotationRoleArn:string(20..2048) LastRotatedDate LastChangedDate LastAccessedDate
  DeletedDate NextRotationDate Tags:[Tag] VersionIdsToStages:{[string(1..256)](1..20)}
  OwningService:string(1..128) CreatedDate PrimaryRegion:string(1..128)
  ReplicationStatus:[ReplicationStatusType]
RotationRulesType: AutomaticallyAfterDays:number(1..1000) Duration:string(2..3)
  ScheduleExpression:string(1..256)
ExternalSecretRotationMetadataItem: Key:string(1..256) Value:string(1..2048)
Tag: Key:string(1..128) Value:string(..256)
`,
  // AWS Systems Manager.
  ssm: `
getParameter = GetParameterResult
getParameters = GetParametersResult
getParametersByPath = GetParametersByPathResult
putParameter = PutParameterResult
GetParameterResult: Parameter:Parameter
Parameter: Name:string(1..2048) Type:String|StringList|SecureString Value Version:number
  Selector:string(..128) SourceResult LastModifiedDate ARN DataType:string(..128)
GetParametersResult: Parameters:[Parameter] InvalidParameters:[string(1..2048)](1..10)
GetParametersByPathResult: Parameters:[Parameter] NextToken
PutParameterResult: Version:number Tier:Standard|Advanced|Intelligent-Tiering
`,
  // AWS STS.
  sts: `
assumeRole = AssumeRoleResponse
getCallerIdentity = GetCallerIdentityResponse
AssumeRoleResponse: Credentials:Credentials AssumedRoleUser:AssumedRoleUser PackedPolicySize:number(0..)
  SourceIdentity:string(2..64)
Credentials: AccessKeyId!:string(16..128) SecretAccessKey! SessionToken! Expiration!
AssumedRoleUser: AssumedRoleId!:string(2..193) Arn!:string(20..2048)
GetCallerIdentityResponse: UserId Account Arn:string(20..2048)
`,
};

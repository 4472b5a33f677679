/** What services that work on texts answer (their API references), in the notation of `shapes.ts`. */
export const language: Readonly<Record<string, string>> = {
  // Amazon Bedrock.
  bedrock: `
invokeModel = InvokeModelResponse
InvokeModelResponse: Body!:any ContentType! PerformanceConfigLatency:standard|optimized
  ServiceTier:priority|default|flex|reserved
`,
  // Amazon Translate.
  translate: `
translateText = TranslateTextResponse
TranslateTextResponse: TranslatedText!:string(..20000) SourceLanguageCode!:string(2..5)
  TargetLanguageCode!:string(2..5) AppliedTerminologies:[AppliedTerminology]
  AppliedSettings:TranslationSettings
AppliedTerminology: Name:string(1..256) Terms:[Term]
Term: SourceText:string(..10000) TargetText:string(..10000)
TranslationSettings: Formality:FORMAL|INFORMAL Profanity:|MASK Brevity:|ON
`,
  // Amazon Comprehend.
  comprehend: `
detectSentiment = DetectSentimentResponse
detectDominantLanguage = DetectDominantLanguageResponse
DetectSentimentResponse: Sentiment:POSITIVE|NEGATIVE|NEUTRAL|MIXED SentimentScore:SentimentScore
SentimentScore: Positive:number Negative:number Neutral:number Mixed:number
DetectDominantLanguageResponse: Languages:[DominantLanguage]
DominantLanguage: LanguageCode:string(1..) Score:number
`,
};

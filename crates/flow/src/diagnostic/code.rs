//! The stable codes. The first two digits name the area; a code is never given to another problem. Each has a page in docs/errors.

use serde::{Deserialize, Serialize, de};
use std::fmt;

macro_rules! codes {
    ($($name:ident $id:literal $title:literal)*) => {
        /// What kind of problem a diagnostic or a failure is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $(#[doc = $title] $name),* }

        impl Code {
            pub const ALL: &'static [Code] = &[$(Code::$name),*];

            /// `TM0105`.
            pub fn id(self) -> &'static str {
                match self { $(Code::$name => $id),* }
            }

            /// What the code says, in a line.
            pub fn title(self) -> &'static str {
                match self { $(Code::$name => $title),* }
            }
        }
    };
}

codes! {
    // TM01: the document
    YamlSyntax "TM0101" "the text is not valid YAML"
    NotUtf8 "TM0102" "the file is not UTF-8 text"
    DuplicateKey "TM0103" "a key stands twice in one mapping"
    TooLarge "TM0104" "the document is larger or deeper than is allowed"
    UnknownKey "TM0105" "the key is not part of the language"
    MissingKey "TM0106" "a required key is missing"
    WrongType "TM0107" "the value has the wrong type"
    EmptyFile "TM0108" "the file holds no flow"
    NotAFlow "TM0109" "the document is no flow"
    TabIndent "TM0110" "a tab stands where YAML wants spaces"
    BadDuration "TM0111" "the duration cannot be read"
    DuplicateId "TM0112" "two steps of one list share an id"
    BadId "TM0113" "the id has characters that an id cannot have"
    EmptySteps "TM0114" "the flow has no steps"
    BadValue "TM0115" "the value is not one of those allowed"
    UnquotedTemplate "TM0116" "a template that begins a value must be quoted"
    BadAlias "TM0117" "the alias or merge key does not work"
    TwiceGiven "TM0118" "one thing is given under two names"
    NoTemplateHere "TM0119" "no template can stand here"
    SecretTooShort "TM0120" "a secret is too short to be masked"
    NoRows "TM0131" "the data has no row"
    BadData "TM0132" "the data cannot be read"
    BadRow "TM0133" "a row does not fit"
    BadColumn "TM0134" "a column cannot be called that"
    AllRows "TM0135" "the flow takes all rows at once, and one of them"
    UnusedColumn "TM0136" "nothing uses the column"
    CalledWithRows "TM0137" "a flow with rows cannot be called"
    // TM02: actions
    UnknownAction "TM0201" "there is no action of this name"
    NotInThisBuild "TM0202" "this build does not contain it"
    UnknownConfigKey "TM0203" "the action has no such key"
    MissingConfigKey "TM0204" "the action needs a key that is missing"
    WrongConfigType "TM0205" "the action's key has a value of the wrong type"
    // TM03: expressions, templates, names
    ExpressionSyntax "TM0301" "the expression cannot be read"
    UnknownName "TM0302" "nothing of this name is known"
    UnknownFunction "TM0303" "there is no function of this name"
    WrongArguments "TM0304" "the function takes other arguments"
    UsedTooEarly "TM0305" "the name is used before anything gives it a value"
    TemplateSyntax "TM0306" "the template cannot be read"
    BadJsonPath "TM0307" "the JSONPath cannot be read"
    EnvCycle "TM0308" "variables are defined by each other"
    HiddenName "TM0309" "the name means something nearer than another of that name"
    BadRegex "TM0310" "the regular expression cannot be read"
    TooDeep "TM0311" "the expression is too large or too deep"
    MisplacedName "TM0312" "the name cannot stand here"
    UnusedUnresolvable "TM0313" "a variable that nobody uses cannot be resolved"
    BranchesCapture "TM0314" "two branches capture one name"
    // TM04: files, projects, selection
    NoSuchFile "TM0401" "the file cannot be read"
    BadEnvFile "TM0402" "the env file cannot be read"
    NothingSelected "TM0403" "nothing was selected"
    BadProject "TM0404" "the project file is wrong"
    LeftOut "TM0405" "the file is no flow and was left out"
    BadStage "TM0410" "the flow cannot run before or after all others"
    NothingApart "TM0411" "an entry of `exclusive` names no flow"
    NoSuchFlow "TM0421" "there is no flow of this name"
    AmbiguousFlow "TM0422" "several flows have this name"
    FlowCycle "TM0423" "flows call each other in a circle"
    // TM05: the answer is no
    AssertionFailed "TM0501" "an assertion is false"
    MissingMember "TM0502" "the answer has no such member"
    TypeMismatch "TM0503" "the values cannot be used together"
    CaptureFailed "TM0504" "a capture found nothing"
    NotHeld "TM0505" "what should become true did not"
    InnerFailed "TM0506" "a step inside did not pass"
    NoItems "TM0507" "a loop has no item"
    // TM06: the question could not be asked
    Unresolved "TM0601" "a name has no value"
    RenderFailed "TM0602" "a template could not be rendered"
    ConfigRejected "TM0603" "the rendered config does not fit the action"
    Timeout "TM0604" "the time ran out"
    Cancelled "TM0605" "the call was interrupted"
    NothingRan "TM0606" "no step of the flow was executed"
    TeardownFailed "TM0607" "a teardown step did not pass"
    ConditionFailed "TM0608" "a condition could not be evaluated"
    UnknownHost "TM0611" "the host name does not resolve"
    Refused "TM0612" "the connection was refused"
    ConnectTimeout "TM0613" "connecting took too long"
    FirstByteTimeout "TM0614" "the answer did not begin in time"
    ReadTimeout "TM0615" "the answer did not end in time"
    TlsFailed "TM0616" "the TLS handshake failed"
    ConnectionCut "TM0617" "the connection was cut"
    ProtocolError "TM0618" "the answer is not what the protocol says"
    TooManyRedirects "TM0619" "the answer redirects too often"
    Unreachable "TM0620" "the address cannot be reached"
    BadUrl "TM0621" "the URL cannot be used"
    BodyTooLarge "TM0622" "the body is larger than is allowed"
    LoginRefused "TM0623" "the login was refused"
    ProcessFailed "TM0631" "the program did not succeed"
    ActionFailed "TM0641" "the action failed"
    // TM07: doubts
    AssertsNothing "TM0701" "the steps of the flow assert nothing"
    StatusUnasserted "TM0702" "an HTTP status of 400 or more that nothing asserts"
    LostDigits "TM0703" "a number has more digits than can be kept"
    BrokenJson "TM0704" "the body says it is JSON and is not"
    EmptySecret "TM0705" "a secret is empty"
    Ambiguous "TM0706" "the path means two things"
    SinkFailed "TM0707" "an output could not be written"
    YamlTrap "TM0708" "YAML reads the value otherwise than it looks"
    UnusedCapture "TM0710" "nobody uses the capture"
    NeverFalse "TM0711" "the assertion can never be false"
    NeverTrue "TM0712" "the assertion can never be true"
    NeverEqual "TM0713" "the two sides can never be equal"
    Undecided "TM0714" "nothing asserts the status of a request"
    StaleAllowance "TM0715" "the comment silences nothing"
    BadAllowance "TM0716" "the comment cannot silence that"
    MaybeUndefined "TM0720" "a name may have no value where it is used"
    UnusedInput "TM0721" "the called flow does not use what is passed"
    // TM09
    Internal "TM0901" "something that should not happen did"
}

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(self.id())
    }
}

impl std::str::FromStr for Code {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wanted = text.to_ascii_uppercase();
        Self::ALL.iter().copied().find(|code| code.id() == wanted).ok_or_else(|| format!("there is no code {text}"))
    }
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

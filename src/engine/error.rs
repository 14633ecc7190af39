//! The error codes of the server API, and how decisions end with them.

use crate::store::{Decision, Fault, Stop};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $text:literal;)*) => {
        /// Codes of the server API. The numbers are a published contract.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorCode {
            $($(#[$doc])* $name,)*
        }

        impl ErrorCode {
            /// All codes in ascending order.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// `ERR` and four digits.
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// English text.
            pub fn message(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

codes! {
    /// Anything without a code of its own.
    UnknownError = "ERR0000", "Unknown error occurred.";
    /// User id empty or too long.
    NoUserId = "ERR0001", "No user ID was set.";
    /// No application id.
    NoApplicationId = "ERR0002", "No application ID was set.";
    /// The application has no master key pair.
    NoMasterKeyPair = "ERR0003", "No master server key pair configured in database.";
    /// The master private key cannot be read.
    IncorrectMasterKeyPair = "ERR0004", "Master server key pair contains private key in incorrect format.";
    /// All attempts collided.
    UnableToGenerateActivationId = "ERR0005", "Too many failed attempts to generate activation ID.";
    /// All attempts collided.
    UnableToGenerateActivationCode = "ERR0006", "Too many failed attempts to generate activation code.";
    /// The activation is no longer usable.
    ActivationExpired = "ERR0007", "This activation is already expired.";
    /// The state does not allow the action.
    ActivationIncorrectState = "ERR0008", "Incorrect activation state.";
    /// Unknown activation.
    ActivationNotFound = "ERR0009", "Activation with given activation ID was not found.";
    /// A key cannot be read.
    InvalidKeyFormat = "ERR0010", "Key with invalid format was provided.";
    /// An attribute has the wrong form.
    InvalidInputFormat = "ERR0011", "Invalid input parameter format.";
    /// The signature type is not allowed.
    InvalidSignature = "ERR0012", "Invalid Signature Provided.";
    /// The signature cannot be computed.
    UnableToComputeSignature = "ERR0013", "Unable to compute signature.";
    /// Not a URL.
    InvalidUrl = "ERR0014", "Invalid URL format.";
    /// Unknown or unsupported application or version.
    InvalidApplication = "ERR0015", "Application or application version does not exist.";
    /// Obsolete.
    TokenNotFound = "ERR0016", "Token with given token ID does not exist.";
    /// A response could not be encrypted.
    EncryptionFailed = "ERR0017", "Data encryption failed.";
    /// A request could not be decrypted.
    DecryptionFailed = "ERR0018", "Data decryption failed.";
    /// An identifier could not be made unique.
    UnableToGenerateToken = "ERR0019", "Token was not successfully generated.";
    /// A stored secret needs a key that is not configured.
    MissingMasterDbKey = "ERR0020", "Master DB encryption key is not configured.";
    /// A stored secret has an unknown form.
    UnsupportedEncryptionMode = "ERR0021", "Unsupported encryption mode.";
    /// Other failures of cryptography.
    GenericCryptographyError = "ERR0022", "Generic cryptography error occurred.";
    /// Parameters that cryptography refuses.
    InvalidCryptoProvider = "ERR0023", "Cryptography provider is initialized incorrectly.";
    /// Missing or wrong attribute, or a replayed request.
    InvalidRequest = "ERR0024", "Invalid request received.";
    /// An open recovery code exists.
    RecoveryCodeAlreadyExists = "ERR0025", "Recovery code already exists.";
    /// All attempts collided.
    UnableToGenerateRecoveryCode = "ERR0026", "Too many failed attempts to generate recovery code.";
    /// Unknown recovery code.
    RecoveryCodeNotFound = "ERR0027", "Recovery code was not found.";
    /// Wrong PUK, no further guess.
    InvalidRecoveryCode = "ERR0028", "Invalid recovery code.";
    /// Recovery is not configured.
    InvalidRecoveryConfiguration = "ERR0029", "Recovery code configuration is missing or incomplete.";
    /// Token time too far back.
    TokenTimestampTooOld = "ERR0030", "Token timestamp is too old.";
    /// OTP missing, unexpected or wrong.
    InvalidActivationOtp = "ERR0031", "Activation OTP does not match value stored in database.";
    /// OTP update in a mode without one.
    InvalidActivationOtpMode = "ERR0032", "Activation OTP used in the wrong OTP validation mode.";
    /// Unknown template.
    TemplateNotFound = "ERR0033", "Operation template was not found.";
    /// Unknown operation.
    OperationNotFound = "ERR0034", "Operation was not found.";
    /// All attempts collided.
    UnableToGenerateOperationId = "ERR0035", "Too many failed attempts to generate operation ID.";
    /// The operation is not pending.
    OperationInvalidState = "ERR0036", "Operation state is invalid for the requested change.";
    /// The operation cannot be approved.
    OperationApproveFailure = "ERR0037", "Operation cannot be approved.";
    /// The operation cannot be rejected.
    OperationRejectFailure = "ERR0038", "Operation cannot be rejected.";
    /// The template's name is taken.
    TemplateAlreadyExists = "ERR0039", "Operation template already exists.";
    /// Impossible properties of an activation.
    ActivationCreateFailure = "ERR0040", "Activation cannot be created with the specified properties.";
    /// Something about an operation.
    OperationError = "ERR0041", "Operation related error occurred.";
    /// Something about a template.
    TemplateError = "ERR0042", "Operation template related error occurred.";
    /// The application or version exists.
    DuplicateApplication = "ERR0043", "Duplicate application or application version.";
    /// Token time too far ahead.
    TokenTimestampTooFarAhead = "ERR0044", "Token timestamp is too much in the future.";
    /// The temporary key is unknown, expired or somebody else's.
    TemporaryKeyFailure = "ERR0045", "Temporary key is missing or invalid.";
}

/// An answer "no" with a code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.text())]
pub struct Error {
    /// The code.
    pub code: ErrorCode,
    /// A text more exact than the code's; never contains values of the request.
    pub detail: Option<String>,
    /// After a wrong PUK: index of the one to try next, while there is one.
    pub current_puk: Option<u64>,
}

impl Error {
    /// `code` with a text of its own.
    pub fn with_detail(code: ErrorCode, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: Some(detail.into()),
            current_puk: None,
        }
    }

    /// ERR0028 that asks for the PUK of `index` again.
    pub fn wrong_puk(index: u64) -> Self {
        Self {
            code: ErrorCode::InvalidRecoveryCode,
            detail: None,
            current_puk: Some(index),
        }
    }

    /// The text to show.
    pub fn text(&self) -> &str {
        self.detail.as_deref().unwrap_or_else(|| self.code.message())
    }
}

impl From<ErrorCode> for Error {
    fn from(code: ErrorCode) -> Self {
        Self {
            code,
            detail: None,
            current_puk: None,
        }
    }
}

/// Why a decision of the engine ended early.
pub type EngineStop = Stop<Error>;
/// Result of a decision of the engine, see [`Decision`].
pub type Outcome<T> = Decision<T, Error>;

impl From<ErrorCode> for EngineStop {
    fn from(code: ErrorCode) -> Self {
        Self::Refuse(code.into())
    }
}

impl From<Error> for EngineStop {
    fn from(error: Error) -> Self {
        Self::Refuse(error)
    }
}

impl From<crate::crypto::random::RandomError> for EngineStop {
    fn from(_: crate::crypto::random::RandomError) -> Self {
        Self::Fault(Fault::Entropy)
    }
}

//! Amounts as texts: exact decimals, written as a locale writes them (mobile API specification, 4.5).

use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::locale::{Locale, Separators};

/// Digits behind the decimal separator that are shown; further ones are cut.
const MAX_FRACTION: usize = 18;
/// Longest amount, in characters, before and after its exponent is resolved.
const MAX_LENGTH: usize = 100;

/// A decimal number, digit by digit as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decimal {
    negative: bool,
    /// At least one digit, without needless zeros.
    whole: String,
    fraction: String,
}

impl Decimal {
    /// Reads digits with an optional sign, dot and exponent: at most 100 characters, and at most 100 as
    /// [`plain`](Self::plain) writes it.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > MAX_LENGTH {
            return None;
        }
        let (negative, rest) = match text.as_bytes().first()? {
            b'-' => (true, text.get(1..)?),
            b'+' => (false, text.get(1..)?),
            _ => (false, text),
        };
        let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
            None => (rest, 0),
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{whole}{fraction}");
        if digits.is_empty() || !digits.bytes().all(|it| it.is_ascii_digit()) {
            return None;
        }
        let point = i64::try_from(whole.len()).ok()? + i64::from(exponent);
        let limit = i64::try_from(MAX_LENGTH).ok()?;
        if !(-limit..=limit).contains(&point) {
            return None;
        }
        let (whole, fraction) = match usize::try_from(point) {
            Ok(point) if point >= digits.len() => (format!("{digits:0<point$}"), String::new()),
            Ok(point) => (digits.get(..point)?.to_owned(), digits.get(point..)?.to_owned()),
            Err(_) => {
                let zeros = usize::try_from(point.unsigned_abs()).ok()?;
                (String::new(), format!("{}{digits}", "0".repeat(zeros)))
            }
        };
        let whole = whole.trim_start_matches('0');
        let read = Self {
            negative,
            whole: if whole.is_empty() { "0" } else { whole }.to_owned(),
            fraction,
        };
        (read.plain().len() <= MAX_LENGTH).then_some(read)
    }

    /// Digits as supplied, without exponent and needless zeros before the dot.
    pub fn plain(&self) -> String {
        let sign = if self.negative { "-" } else { "" };
        let point = if self.fraction.is_empty() { "" } else { "." };
        format!("{sign}{}{point}{}", self.whole, self.fraction)
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // A number of JSON has as many digits as one likes; those of Rust have not.
        RawValue::from_string(self.plain())
            .map_err(S::Error::custom)?
            .serialize(serializer)
    }
}

/// An amount of a currency as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Money {
    /// The number.
    pub amount: String,
    /// The symbol of the currency; its code where there is none.
    pub currency: String,
    /// Both, in the locale's order.
    pub value: String,
}

/// An amount as a locale writes it, with at least the decimal places of the currency (ISO 4217) and at most 18. A text
/// that is no number is shown as it is.
pub fn money(amount: &str, currency: &str, locale: &Locale) -> Money {
    match Decimal::parse(amount) {
        Some(decimal) => format(&decimal, currency, locale),
        None => as_given(amount, currency, locale),
    }
}

/// What cannot be read as a number is shown as it is.
pub(super) fn as_given(amount: &str, currency: &str, locale: &Locale) -> Money {
    let symbol = locale
        .numbers()
        .map_or(currency, |numbers| numbers.symbol(currency));
    Money {
        amount: amount.to_owned(),
        currency: symbol.to_owned(),
        value: format!("{amount} {currency}"),
    }
}

/// An amount in the words of a locale.
pub(super) fn format(amount: &Decimal, currency: &str, locale: &Locale) -> Money {
    let Some(numbers) = locale.numbers() else {
        return as_given(&amount.plain(), currency, locale);
    };
    let decimals = fraction_digits(currency);
    let mut fraction: String = amount.fraction.chars().take(MAX_FRACTION).collect();
    while fraction.len() > decimals.unwrap_or(0) && fraction.ends_with('0') {
        fraction.pop();
    }
    while fraction.len() < decimals.unwrap_or(0) {
        fraction.push('0');
    }
    let zero = amount.whole == "0" && fraction.bytes().all(|it| it == b'0');
    let negative = amount.negative && !zero;
    let digits = |separators: &Separators| {
        let mut out = grouped(
            &amount.whole,
            separators.group,
            numbers.further_group,
            numbers.fewest,
        );
        if !fraction.is_empty() {
            out.push_str(separators.decimal);
            out.push_str(&fraction);
        }
        localised(&out, numbers.zero)
    };
    let symbol = numbers.symbol(currency);
    let minus = if negative { numbers.minus } else { "" };
    let number = format!("{minus}{}", digits(&numbers.plain));
    let value = match decimals {
        None => format!("{number}\u{a0}{currency}"),
        Some(_) => {
            let pattern = if negative {
                numbers.negative
            } else {
                numbers.positive
            };
            let money = digits(&numbers.money);
            // One pass over the pattern: a symbol may hold what looks like a place.
            let mut value = String::with_capacity(pattern.len() + money.len() + symbol.len());
            for c in pattern.chars() {
                match c {
                    '#' => value.push_str(&money),
                    '¤' => value.push_str(symbol),
                    other => value.push(other),
                }
            }
            value
        }
    };
    Money {
        amount: number,
        currency: symbol.to_owned(),
        value,
    }
}

/// Digits with separators between groups: three at the end, `further` in each one before.
fn grouped(digits: &str, separator: &str, further: usize, fewest: usize) -> String {
    const FIRST: usize = 3;
    if separator.is_empty() || digits.len() < FIRST + fewest {
        return digits.to_owned();
    }
    let mut out = String::with_capacity(digits.len() * 2);
    for (at, digit) in digits.chars().enumerate() {
        let left = digits.len() - at;
        if at > 0 && left >= FIRST && (left - FIRST).is_multiple_of(further) {
            out.push_str(separator);
        }
        out.push(digit);
    }
    out
}

fn localised(text: &str, zero: char) -> String {
    if zero == '0' {
        return text.to_owned();
    }
    let digit = |c: char| match c.to_digit(10) {
        Some(value) => char::from_u32(u32::from(zero) + value).unwrap_or(c),
        None => c,
    };
    text.chars().map(digit).collect()
}

/// Currencies by their decimal places in ISO 4217; all others that exist have two.
const DECIMALS: [(usize, &str); 3] = [
    (
        0,
        "ADP BEF BIF BYB BYR CLP DJF ESP GNF GRD ISK ITL JPY KMF KRW LUF MGF PTE PYG ROL RWF TPE TRL UGX UYI VND VUV \
         XAF XOF XPF",
    ),
    (3, "BHD IQD JOD KWD LYD OMR TND"),
    (4, "CLF"),
];

/// Currencies with two decimal places.
const TWO: &str = "AED AFA AFN ALL AMD ANG AOA ARS ATS AUD AWG AYM AZM AZN BAM BBD BDT BGL BGN BMD BND BOB BOV BRL \
    BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC CSD CUC CUP CVE CYP CZK DEM DKK DOP DZD EEK EGP ERN ETB \
    EUR FIM FJD FKP FRF GBP GEL GHC GHS GIP GMD GTQ GWP GYD HKD HNL HRK HTG HUF IDR IEP ILS INR IRR JMD KES KGS KHR \
    KPW KYD KZT LAK LBP LKR LRD LSL LTL LVL MAD MDL MGA MKD MMK MNT MOP MRO MRU MTL MUR MVR MWK MXN MXV MYR MZM MZN \
    NAD NGN NIO NLG NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB RUR SAR SBD SCR SDD SDG SEK SGD SHP SIT SKK \
    SLE SLL SOS SRD SRG SSP STD STN SVC SYP SZL THB TJS TMM TMT TND TOP TRY TTD TWD TZS UAH USD USN USS UYU UZS VEB \
    VED VEF VES WST XCD XCG YER YUM ZAR ZMK ZMW ZWD ZWG ZWL ZWN ZWR";

/// Decimal places of a currency; none when it is unknown.
fn fraction_digits(currency: &str) -> Option<usize> {
    if currency.len() != 3 {
        return None;
    }
    let holds = |codes: &str| codes.split(' ').any(|code| code == currency);
    let special = DECIMALS.iter().find(|(_, codes)| holds(codes));
    match special {
        Some((digits, _)) => Some(*digits),
        None => holds(TWO).then_some(2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(amount: &str, currency: &str, locale: &str) -> [String; 3] {
        let it = format(
            &Decimal::parse(amount).unwrap(),
            currency,
            &Locale::preferred(Some(locale)),
        );
        [it.amount, it.currency, it.value]
    }

    /// The table of the specification.
    #[test]
    fn reference_values() {
        let cases = [
            ("1710.9817", "CZK", "en", ["1,710.9817", "CZK", "CZK1,710.9817"]),
            (
                "1710",
                "CZK",
                "cs",
                ["1\u{a0}710,00", "Kč", "1\u{a0}710,00\u{a0}Kč"],
            ),
            ("1710.1", "USD", "en", ["1,710.10", "$", "$1,710.10"]),
            (
                "1710",
                "USD",
                "cs",
                ["1\u{a0}710,00", "US$", "1\u{a0}710,00\u{a0}US$"],
            ),
            ("1710.1", "EUR", "en", ["1,710.10", "€", "€1,710.10"]),
            ("1710.1", "CZK", "de-DE", ["1.710,10", "CZK", "1.710,10\u{a0}CZK"]),
            ("1710", "JPY", "en", ["1,710", "¥", "¥1,710"]),
            ("1710", "JPY", "cs", ["1\u{a0}710", "JP¥", "1\u{a0}710\u{a0}JP¥"]),
            ("1.1", "BTC", "en", ["1.1", "BTC", "1.1\u{a0}BTC"]),
            (
                "0.567567567567567567567",
                "BTC",
                "en",
                ["0.567567567567567567", "BTC", "0.567567567567567567\u{a0}BTC"],
            ),
            ("1", "CAD", "en", ["1.00", "CA$", "CA$1.00"]),
            ("1", "NZD", "cs", ["1,00", "NZ$", "1,00\u{a0}NZ$"]),
        ];
        for (amount, currency, locale, expected) in cases {
            assert_eq!(
                shown(amount, currency, locale),
                expected,
                "{amount} {currency} {locale}"
            );
        }
        println!("{} amounts", cases.len());
    }

    #[test]
    fn decimals() {
        let cases = [
            ("2199.40", "2199.40"),
            ("-007", "-7"),
            ("+1", "1"),
            (".5", "0.5"),
            ("5.", "5"),
            ("1e3", "1000"),
            ("1.2345E+2", "123.45"),
            ("12e-4", "0.0012"),
            ("-0", "-0"),
            ("1e15", "1000000000000000"),
        ];
        for (text, plain) in cases {
            assert_eq!(Decimal::parse(text).unwrap().plain(), plain, "{text}");
        }
        for text in [
            "",
            "-",
            ".",
            "1,5",
            "0x1",
            "1e",
            "e1",
            "1e101",
            "1e-102",
            "5021.0e-100",
            "--1",
            "NaN",
            "١",
            "1 0",
        ] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
        assert_eq!(Decimal::parse(&"1".repeat(101)), None);
        let json = serde_json::to_string(&Decimal::parse("123456789012345678901234567890.10").unwrap());
        assert_eq!(json.unwrap(), "123456789012345678901234567890.10");
    }

    #[test]
    fn groups() {
        assert_eq!(shown("17101710", "INR", "en-IN")[2], "₹1,71,01,710.00");
        assert_eq!(shown("1234", "EUR", "es")[0], "1234,00");
        assert_eq!(shown("12345", "EUR", "es")[0], "12.345,00");
        assert_eq!(shown("-0.001", "EUR", "en")[2], "-€0.001");
        assert_eq!(shown("-0.00", "EUR", "en")[2], "€0.00");
        assert_eq!(shown("1.500", "JPY", "en")[2], "¥1.5");
        assert_eq!(shown("1", "KWD", "en")[2], "KWD1.000");
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in r"[-+0-9.eE]{0,12}") {
            if let Some(decimal) = Decimal::parse(&text) {
                proptest::prop_assert_eq!(Decimal::parse(&decimal.plain()), Some(decimal.clone()));
                proptest::prop_assert!(serde_json::to_string(&decimal).is_ok());
                for locale in ["en", "ar-EG", "hi"] {
                    format(&decimal, "EUR", &Locale::preferred(Some(locale)));
                }
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/digest.hpp"
#include "base/core/result.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace bulla::sign {

/// payloadType of a DSSE envelope around an in-toto Statement.
inline constexpr std::string_view kInTotoPayloadType = "application/vnd.in-toto+json";

/// predicateType of the statement that says no more than "this image is signed" (cosign 3).
inline constexpr std::string_view kImageSignatureType = "https://sigstore.dev/cosign/sign/v1";

using Annotations = std::map<std::string, std::string>;

/// One digest of a subject. The algorithm is free text in the specification ("gitCommit"), so this
/// is not a bulla::Digest.
struct SubjectDigest {
    std::string algorithm; ///< "sha256"
    std::string value;     ///< lower-case hexadecimal
};

/// What a statement is about (in-toto ResourceDescriptor).
struct Subject {
    std::string name; ///< may be empty
    std::vector<SubjectDigest> digests;
    Annotations annotations; ///< those with text values; others are not read
};

/// Whether a subject's annotations stand in the document when there are none.
enum class EmptyAnnotations : bool { left_out, written };

/// An in-toto Statement: a predicate about subjects.
struct Statement {
    std::vector<Subject> subjects;
    std::string predicate_type;
    Bytes predicate; ///< one JSON value, byte by byte as signed; empty if the document has none
};

/// Writes Statement v1 (https://in-toto.io/Statement/v1) as compact JSON. The predicate must be one
/// JSON value without duplicate keys and within limits::kAttachmentBytes, else `malformed` or
/// `limit_exceeded`; it is inserted unchanged.
Result<Bytes> encode_statement(const Statement& statement,
                               EmptyAnnotations empty = EmptyAnnotations::left_out);

/// Reads Statement v1 or v0.1, unknown members ignored. Bounded by limits::kAttachmentBytes,
/// kSubjects and kSubjectDigests. Call it on bytes whose signature has been verified.
Result<Statement> decode_statement(ByteView json);

/// The statement of an image signature: one subject without a name.
Statement make_image_signature(const Digest& image, Annotations annotations);

/// A statement about one artifact.
Statement make_attestation(std::string subject_name,
                           const Digest& artifact,
                           std::string predicate_type,
                           Bytes predicate);

} // namespace bulla::sign

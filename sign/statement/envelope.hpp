// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/result.hpp"

#include <string>
#include <string_view>

namespace bulla::sign {

/// A DSSE envelope with its one signature. Everything in it is unverified.
struct Envelope {
    std::string payload_type;
    Bytes payload;
    Bytes signature;
    std::string key_id; ///< not authenticated, not used
};

/// The bytes that a DSSE signature covers: Pre-Authentication Encoding, DSSE v1.
Bytes pae(std::string_view payload_type, ByteView payload);

/// The envelope as cosign stores it: {"payload":…,"payloadType":…,"signatures":[{"sig":…}]}.
Bytes encode_envelope(const Envelope& envelope);

/// Reads an envelope of at most limits::kAttachmentBytes with exactly one signature. Unknown
/// members are ignored (DSSE v1, "Envelope"); base64 of both alphabets, else strict.
Result<Envelope> decode_envelope(ByteView json);

} // namespace bulla::sign

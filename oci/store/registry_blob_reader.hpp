// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "oci/store/registry_session.hpp"

#include <memory>

namespace bulla::oci {

/// Opens a blob of a registry. A transfer that breaks is taken up where it broke, a bounded number
/// of times; an answer that does not continue exactly there, and a length other than the
/// descriptor's, are integrity. shared_ptr: the reader may outlive the repository it came from.
Result<std::unique_ptr<Reader>> open_registry_blob(std::shared_ptr<RegistrySession> session,
                                                   const Descriptor& blob);

/// Where a 206 response starts, from "bytes 5-9/10"; nothing if the header says anything else than
/// that it goes to the end of `size` bytes.
std::optional<std::uint64_t> range_start(std::string_view content_range, std::uint64_t size);

} // namespace bulla::oci

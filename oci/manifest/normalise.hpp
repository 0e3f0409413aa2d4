// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "oci/manifest/descriptor.hpp"

namespace bulla::oci {

/// One spelling for each platform: x86_64 is amd64, arm64/v8 is arm64, amd64/v1 is amd64, armhf is
/// arm/v7. Unknown words stay as they are.
Platform normalise(Platform platform);

} // namespace bulla::oci

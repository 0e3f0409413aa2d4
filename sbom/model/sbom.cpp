// SPDX-License-Identifier: Apache-2.0
#include "sbom/model/sbom.hpp"

#include "base/core/text.hpp"

namespace bulla::sbom {

std::string Distribution::qualifier() const {
    const std::string& version = version_id.empty() ? build_id : version_id;
    return version.empty() ? id : id + "-" + version;
}

bool Distribution::is_like(std::string_view family) const {
    if (id == family) {
        return true;
    }
    std::string_view rest = id_like;
    while (!rest.empty()) {
        if (text::take_until(rest, ' ') == family) {
            return true;
        }
    }
    return false;
}

} // namespace bulla::sbom

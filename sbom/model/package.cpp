// SPDX-License-Identifier: Apache-2.0
#include "sbom/model/package.hpp"

namespace bulla::sbom {

std::string_view to_string(PackageType type) {
    switch (type) {
    case PackageType::apk:
        return "apk";
    case PackageType::cargo:
        return "cargo";
    case PackageType::deb:
        return "deb";
    case PackageType::golang:
        return "golang";
    case PackageType::maven:
        return "maven";
    case PackageType::npm:
        return "npm";
    case PackageType::pypi:
        return "pypi";
    case PackageType::rpm:
        return "rpm";
    }
    return "";
}

bool is_of_operating_system(PackageType type) {
    switch (type) {
    case PackageType::apk:
    case PackageType::deb:
    case PackageType::rpm:
        return true;
    case PackageType::cargo:
    case PackageType::golang:
    case PackageType::maven:
    case PackageType::npm:
    case PackageType::pypi:
        return false;
    }
    return false;
}

std::string reference_of(const Package& package) {
    if (!package.purl.empty()) {
        return package.purl;
    }
    std::string reference = "package:";
    reference += to_string(package.type);
    reference += '/';
    reference += package.name;
    if (!package.version.empty()) {
        reference += '@';
        reference += package.version;
    }
    if (!package.architecture.empty()) {
        reference += "?arch=";
        reference += package.architecture;
    }
    return reference;
}

} // namespace bulla::sbom

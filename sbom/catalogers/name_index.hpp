// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace bulla::sbom {

/// Which packages go by a name, their own or one they provide. Dependencies are looked up here once
/// all packages of a database are known.
class NameIndex {
  public:
    void add(std::string_view name, std::uint32_t package) {
        std::vector<std::uint32_t>& packages = by_name_[std::string(name)];
        if (packages.empty() || packages.back() != package) {
            packages.push_back(package);
        }
    }

    std::span<const std::uint32_t> find(std::string_view name) const {
        const auto it = by_name_.find(std::string(name));
        return it == by_name_.end() ? std::span<const std::uint32_t>() : it->second;
    }

  private:
    std::unordered_map<std::string, std::vector<std::uint32_t>> by_name_;
};

} // namespace bulla::sbom

// SPDX-License-Identifier: Apache-2.0
#include "tests/support/temp_dir.hpp"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace bulla::test {

TempDir::TempDir() {
    std::string name = (std::filesystem::temp_directory_path() / "bulla-test-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) {
        throw std::runtime_error("cannot make a temporary folder");
    }
    path_ = name;
}

TempDir::~TempDir() {
    std::error_code ignored; // a folder that cannot be removed fails no test
    std::filesystem::remove_all(path_, ignored);
}

} // namespace bulla::test

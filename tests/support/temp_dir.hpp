// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace bulla::test {

/// A fresh folder that is removed with everything in it when the test ends.
class TempDir {
  public:
    TempDir();
    ~TempDir();
    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;

    const std::string& path() const { return path_; }

    /// The path of an entry of that name, which need not exist.
    std::string file(const std::string& name) const { return path_ + "/" + name; }

  private:
    std::string path_;
};

} // namespace bulla::test

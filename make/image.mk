# SPDX-License-Identifier: Apache-2.0
# image.mk - medley as a tree of files, for the images that hold it.

# What is read at run time lies beside the binary, as in a checkout.
IMAGE_DATA = $(shell make/data-files)

# The same commit makes the same bytes: sorted, of nobody, of the epoch.
image-root: $(OUT)/medley
	@rm -rf $(OUT)/image-root && mkdir -p $(OUT)/image-root/opt/medley
	@cp --parents $(IMAGE_DATA) $(OUT)/image-root/opt/medley
	@strip -o $(OUT)/image-root/opt/medley/medley $(OUT)/medley
	@mkdir -p $(OUT)/image-root/usr/local/bin
	@ln -s /opt/medley/medley $(OUT)/image-root/usr/local/bin/medley
	@chmod -R u=rwX,go=rX $(OUT)/image-root
	@tar -C $(OUT)/image-root --sort=name --owner=0 --group=0 \
		--numeric-owner --mtime=@0 -cf $(OUT)/medley.tar opt usr
	@rm -rf $(OUT)/image-root

.PHONY: image-root

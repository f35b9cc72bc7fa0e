"""GAU-alpha, written as a user of bert4keras writes it."""


def gau_alpha(models):
    """Return a subclass of RoFormerV2 that uses bert4keras's names, as a user writes it."""

    class OwnGAU(models.RoFormerV2):
        def initializer(self, shape, dtype=None, order=3, gain=1.0):
            return super().initializer(shape, dtype, order, gain)

        def apply_main_layers(self, inputs, index):
            name = f"Transformer-{index}-GatedAttentionUnit"
            mask, position = self.compute_attention_bias(index), self.compute_position_bias(inputs)
            x, arguments = [inputs, position], {"a_bias": None, "p_bias": "rotary"}
            if mask is not None:
                arguments["a_bias"] = True
                x.insert(1, mask)
            x = self.apply(
                inputs=x,
                layer=models.GatedAttentionUnit,
                arguments=arguments,
                units=self.intermediate_size,
                key_size=self.attention_key_size,
                activation=self.hidden_act,
                use_bias=False,
                normalization="softmax_plus",
                attention_dropout=self.attention_dropout_rate,
                kernel_initializer=self.initializer,
                name=name,
            )
            x = self.apply(
                inputs=x, layer=models.Dropout, rate=self.dropout_rate, name=f"{name}-Dropout"
            )
            x = self.apply(inputs=[inputs, x], layer=models.Add, name=f"{name}-Add")
            return self.apply(
                inputs=x,
                layer=models.LayerNormalization,
                zero_mean=False,
                scale=False,
                offset=False,
                name=f"{name}-Norm",
            )

        def variable_mapping(self):
            mapping = {
                "Embedding-Token": ["bert/embeddings/word_embeddings"],
                "Embedding-Segment": ["bert/embeddings/token_type_embeddings"],
            }
            for index in range(self.num_hidden_layers):
                scope = f"GAU_alpha/encoder/layer_{index}/gau/"
                parts = ("i_dense/kernel", "o_dense/kernel")  # not in the order of 0.11.5's layer
                parts += ("q_scaleoffset/gamma", "k_scaleoffset/gamma")
                name = f"Transformer-{index}-GatedAttentionUnit"
                mapping[name] = [scope + part for part in parts]
            return mapping

    return OwnGAU

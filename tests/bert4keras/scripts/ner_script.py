#! -*- coding:utf-8 -*-
# A script for named entities, as users of bert4keras have written it: float64 multi-hot labels,
# a metric that multiplies them with scores, and bert4keras's dense loss.

import json

import numpy as np
from bert4keras.backend import keras, K
from bert4keras.backend import multilabel_categorical_crossentropy
from bert4keras.layers import GlobalPointer
from bert4keras.models import build_transformer_model
from bert4keras.optimizers import Adam
from bert4keras.snippets import DataGenerator, sequence_padding
from bert4keras.snippets import open, to_array
from bert4keras.tokenizers import Tokenizer
from keras.models import Model

maxlen = 64
batch_size = 8
epochs = 24
lines = 32
kinds = set()


def load_data(filename):
    data = []
    with open(filename, encoding='utf-8') as f:
        for l in f:
            l = json.loads(l)
            found = set()
            for s in l['spo_list']:
                for part in ('subject', 'object'):
                    start = l['text'].index(s[part])
                    end = start + len(s[part]) - 1
                    found.add((start, end, s[part + '_type']))
                    kinds.add(s[part + '_type'])
            data.append((l['text'], found))
    return data[:lines]


train_data = load_data('DATA/train_data.json')
kinds = sorted(kinds)
tokenizer = Tokenizer('DATA/vocab.txt', do_lower_case=True)


class data_generator(DataGenerator):
    def __iter__(self, random=False):
        rows = []
        for is_end, (text, entities) in self.sample(random):
            tokens = tokenizer.tokenize(text, maxlen=maxlen)
            mapping = tokenizer.rematch(text, tokens)
            first = {m[0]: i for i, m in enumerate(mapping) if m}
            last = {m[-1]: i for i, m in enumerate(mapping) if m}
            labels = np.zeros((len(kinds), len(tokens), len(tokens)))
            for start, end, kind in entities:
                if start in first and end in last:
                    labels[kinds.index(kind), first[start], last[end]] = 1
            rows.append((tokenizer.tokens_to_ids(tokens), [0] * len(tokens), labels))
            if len(rows) == self.batch_size or is_end:
                ids, segments, labels = zip(*rows)
                yield [sequence_padding(ids), sequence_padding(segments)], sequence_padding(
                    labels, seq_dims=3
                )
                rows = []


def crossentropy(y_true, y_pred):
    size = K.prod(K.shape(y_pred)[:2])
    y_true = K.reshape(y_true, (size, -1))
    y_pred = K.reshape(y_pred, (size, -1))
    return K.mean(multilabel_categorical_crossentropy(y_true, y_pred))


def f1_score(y_true, y_pred):
    y_pred = K.cast(K.greater(y_pred, 0), K.floatx())
    return 2 * K.sum(y_true * y_pred) / K.sum(y_true + y_pred)


model = build_transformer_model('DATA/bert_config.json', None)
output = GlobalPointer(len(kinds), 32)(model.output)
model = Model(model.input, output)
model.compile(loss=crossentropy, optimizer=Adam(3e-3), metrics=[f1_score])


def recognize(text, threshold=0):
    tokens = tokenizer.tokenize(text, maxlen=maxlen)
    mapping = tokenizer.rematch(text, tokens)
    token_ids = tokenizer.tokens_to_ids(tokens)
    token_ids, segment_ids = to_array([token_ids], [[0] * len(token_ids)])
    scores = model.predict([token_ids, segment_ids])[0]
    scores[:, [0, -1]] -= np.inf
    scores[:, :, [0, -1]] -= np.inf
    return set(
        (mapping[start][0], mapping[end][-1], kinds[l])
        for l, start, end in zip(*np.where(scores > threshold))
    )


def evaluate(data):
    X, Y, Z = 1e-10, 1e-10, 1e-10
    for text, T in data:
        R = recognize(text)
        X += len(R & T)
        Y += len(R)
        Z += len(T)
    return 2 * X / (Y + Z)


class Evaluator(keras.callbacks.Callback):
    def __init__(self):
        self.best_val_f1 = 0

    def on_epoch_end(self, epoch, logs=None):
        print('metric: %.5f' % logs['f1_score'])
        if epoch % 12 == 11:
            f1 = evaluate(train_data)
            if f1 >= self.best_val_f1:
                self.best_val_f1 = f1
                model.save_weights('best_model.weights')
            print('f1: %.5f, best f1: %.5f\n' % (f1, self.best_val_f1))


if __name__ == '__main__':

    train_generator = data_generator(train_data, batch_size)
    evaluator = Evaluator()

    model.fit(
        train_generator.forfit(),
        steps_per_epoch=len(train_generator),
        epochs=epochs,
        callbacks=[evaluator]
    )
    model.load_weights('best_model.weights')
    print('loaded f1: %.5f' % evaluate(train_data))

else:

    model.load_weights('best_model.weights')
